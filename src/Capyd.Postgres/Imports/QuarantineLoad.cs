using Capyd.Postgres.Streams;

namespace Capyd.Postgres.Imports;

/// <summary>Reads a foreign archive twice: once to look at it, once to run it.</summary>
internal sealed class QuarantineLoad(ForeignArchive archive, QuarantineRequest request)
{
    private readonly double _length = Math.Max(1, archive.Length);

    public async Task<ScriptFacts> InspectAsync(CancellationToken cancellationToken)
    {
        var facts = new ScriptFacts([], 0);
        await archive.ReadAsync(
            definitionsOnly: true,
            bytes => Report(ImportPhase.Inspect, bytes, 0),
            async (text, token) => facts = await ScriptInspector.ReadAsync(Reader(text), token),
            cancellationToken);
        return facts;
    }

    public async Task<ImportTally> RunAsync(ThrowAwayCluster server, QuarantineExtensions extensions, CancellationToken cancellationToken)
    {
        var tally = new ImportTally();
        foreach (var (name, reason) in extensions.Refused)
        {
            tally.Skip("extension", name, reason);
        }

        await using var session = await server.LoginAsync(cancellationToken);
        var filter = new ScriptFilter(request.ExcludedSchemas, extensions.Schemas);
        var errors = new ScriptErrors(request.ExcludedSchemas, [.. extensions.Refused.Select(static r => $"{r.Key} ({r.Value})")]);
        var runner = new ScriptRunner(session, filter, errors, tally);
        var used = 0L;
        await archive.ReadAsync(
            definitionsOnly: false,
            bytes => Report(ImportPhase.Load, used = bytes, tally.Objects),
            (text, token) => runner.RunAsync(Reader(text), token),
            cancellationToken);
        request.Progress?.Invoke(new ImportProgress(ImportPhase.Load, 1, used, tally.Objects));
        return tally;
    }

    public ImportReport Report(ImportTally tally, QuarantineExtensions extensions) => new()
    {
        Format = archive.Format,
        UnpackedBytes = archive.Length,
        LoadedObjects = tally.Loaded,
        Skipped = tally.Skipped,
        SkippedCount = tally.SkippedCount,
        Extensions = extensions.Created,
    };

    /// <summary>Rows can be compressed within an archive; the limit holds for the text too.</summary>
    private ScriptReader Reader(Stream text) =>
        new(new CountingStream(text, bytes => QuarantineInput.RefuseAbove(bytes, request.Limits)), request.Limits.StatementBytes);

    private void Report(ImportPhase phase, long bytes, int objects) =>
        request.Progress?.Invoke(new ImportProgress(phase, Math.Min(1, bytes / _length), bytes, objects));
}
