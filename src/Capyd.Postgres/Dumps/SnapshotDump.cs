using Capyd.Postgres.Cluster;
using Capyd.Postgres.Streams;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Dumps;

/// <summary>Dumps a database and reads its inventory in the same snapshot, side by side.</summary>
public sealed class SnapshotDump(PostgresCluster cluster, PostgresBinaries binaries, ToolRunner runner)
{
    private const double Unfinished = 0.99;

    /// <summary>Changes how pg_dump is started, for a database that is not to be trusted.</summary>
    internal Func<ToolCommand, ToolCommand>? Confine { get; init; }

    /// <summary>The archive is whole only when this returns; until then the receiver must not publish it.</summary>
    /// <exception cref="PostgresFailedException">The database cannot be read.</exception>
    /// <exception cref="ToolFailedException">pg_dump failed.</exception>
    /// <exception cref="ToolMissingException">There is no pg_dump for this server.</exception>
    public Task<Inventory> RunAsync(DumpRequest request, CancellationToken cancellationToken) =>
        PostgresFailure.GuardAsync($"dump database {request.Database}", async () =>
        {
            var facts = await cluster.ProbeAsync(cancellationToken);
            var installation = binaries.ForServer(facts.Major);
            var scope = new InventoryScope(request.Database, request.ApplicationName, request.ParallelWorkers);
            await using var session = await InventorySession.OpenAsync(cluster, scope, cancellationToken);
            var command = Command(request, installation, session.Snapshot);
            var draft = await session.DescribeAsync(cancellationToken); // sequences heed no snapshot: pg_dump sees them between here and the end
            using var both = new SideBySide(cancellationToken);
            var dump = both.RunAsync(token => DumpAsync(request, session, command, token));
            var rows = both.RunAsync(token => session.ReadRowsAsync(null, LoadedRows.None, null, token));
            await both.EndAsync(dump, rows);
            return (draft with { Relations = (await rows)! }).Complete(request.Database.ToString(), await session.SequencesAsync(cancellationToken));
        });

    private async Task<ToolOutcome> DumpAsync(
        DumpRequest request, InventorySession session, ToolCommand command, CancellationToken cancellationToken)
    {
        var expected = Math.Max(1, session.TotalBytes);
        var streams = new ToolStreams
        {
            Stdout = async (stream, token) =>
            {
                await using var counted = new CountingStream(
                    stream, bytes => request.Progress?.Invoke(new DumpProgress(bytes, Math.Min(Unfinished, (double)bytes / expected))));
                await using var archive = new DumpedArchive(counted);
                await request.ConsumeArchive(archive, token);
            },
        };
        var outcome = await runner.RunAsync(Confine?.Invoke(command) ?? command, streams, cancellationToken);
        request.ToolEnded?.Invoke(outcome);
        return outcome.EnsureSuccess(command);
    }

    private ToolCommand Command(DumpRequest request, PostgresInstallation installation, string snapshot) =>
        new(
            installation.PathOf("pg_dump"),
            ["--format=custom", "--compress=0", $"--snapshot={snapshot}", "--lock-wait-timeout=60s", "--no-password"])
        {
            Environment = ToolSession.ForDump(cluster.Endpoint, request.Database, request.ApplicationName),
            RunAs = cluster.Endpoint.ToolUser,
            WritesInBulk = Confine is null,
        };
}
