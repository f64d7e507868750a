namespace Capyd.Postgres.Dumps;

/// <summary>A stretch of an archive that can be read by itself.</summary>
/// <param name="At">Where in the plain archive it begins: the first at 0, each other where a table's data begins.</param>
/// <param name="Read">Hands its plain bytes to the reader that it is given. Fails when they are not what was written.</param>
public sealed record ArchivePart(long At, Func<Func<Stream, CancellationToken, Task>, CancellationToken, Task> Read)
{
    /// <summary>The cheaper way into a file, where there is one: the bytes do not pass here.</summary>
    public PlacedPart? Placed { get; init; }

    /// <summary>An archive that is read in one go.</summary>
    public static ArchivePart Whole(Func<CancellationToken, Task<Stream>> open) => new(0, async (consume, token) =>
    {
        await using var plain = await open(token);
        await consume(plain, token);
    });

    /// <summary>One after the other, as the archive is.</summary>
    internal static async Task ReadAllAsync(
        IReadOnlyList<ArchivePart> parts, Func<Stream, CancellationToken, Task> consume, CancellationToken cancellationToken)
    {
        foreach (var part in parts)
        {
            await part.Read(consume, cancellationToken);
        }
    }
}
