using System.Runtime.ExceptionServices;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Dumps;

/// <summary>Dumps a database and reads its inventory in the same snapshot, side by side.</summary>
public sealed class SnapshotDump(PostgresCluster cluster, PostgresBinaries binaries, ToolRunner runner)
{
    private const double Unfinished = 0.99;

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
            var draft = await TogetherAsync(request, session, Command(request, installation, session.Snapshot), cancellationToken);
            return draft.Complete(request.Database.ToString(), await session.SequencesAsync(cancellationToken));
        });

    /// <summary>When one side fails the other is ended; the first failure is the one that counts.</summary>
    private async Task<InventoryDraft> TogetherAsync(
        DumpRequest request, InventorySession session, ToolCommand command, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ExceptionDispatchInfo? first = null;
        async Task<T?> Guard<T>(Func<Task<T>> work)
        {
            try
            {
                return await work();
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(e), null);
                await either.CancelAsync();
                return default;
            }
        }

        var dump = Guard(() => DumpAsync(request, session, command, either.Token));
        var draft = await Guard(() => session.ReadAsync(null, null, either.Token));
        await dump;
        first?.Throw();
        return draft!;
    }

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
                await request.ConsumeArchive(counted, token);
            },
        };
        var outcome = await runner.RunAsync(command, streams, cancellationToken);
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
        };
}
