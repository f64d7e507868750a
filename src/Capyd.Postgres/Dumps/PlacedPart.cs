namespace Capyd.Postgres.Dumps;

/// <summary>A part of which it is known what it holds, and which somebody else can put into a file.</summary>
/// <param name="Blocks">All that it holds.</param>
/// <param name="WriteAsync">Writes its plain bytes into that file from that byte on. Fails when they are not what was written.</param>
public sealed record PlacedPart(IReadOnlyList<ArchiveBlock> Blocks, Func<string, long, CancellationToken, Task> WriteAsync);
