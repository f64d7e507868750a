using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Clones;

/// <summary>Reads a snapshot of one server's database and loads it into a new one of the same or of another server.</summary>
internal sealed class SnapshotTransfer(PostgresCluster source, PostgresCluster target, PostgresBinaries binaries, ToolRunner runner)
{
    /// <param name="provision">Makes the target database.</param>
    public async Task<CloneResult> RunAsync(
        CloneRequest request, Func<DatabaseLocale, Task> provision, string reason, CancellationToken cancellationToken)
    {
        var facts = await target.ProbeAsync(cancellationToken);
        using var staging = new RestoreStaging(request.StagingDirectory, target.Endpoint.ToolUser is not null);
        var loaded = new SnapshotTarget(target, binaries.ForServer(facts.Major), runner, request, staging) { SourceServer = source.Endpoint };
        var (expected, actual) = await new SnapshotCopy(source, request, loaded).RunAsync(provision, cancellationToken);
        return new CloneResult(
            CloneResult.Dump, reason, actual.Relations.Count, actual.Relations.Sum(static r => r.Rows), InventoryComparison.Compare(expected, actual));
    }
}
