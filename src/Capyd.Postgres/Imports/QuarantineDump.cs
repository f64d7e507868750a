using Capyd.Postgres.Dumps;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Imports;

/// <summary>Dumps what was loaded, with the machinery of every backup; pg_dump runs confined, for its input is foreign.</summary>
internal static class QuarantineDump
{
    public static Task<Inventory> RunAsync(
        ThrowAwayCluster server, PostgresBinaries binaries, ToolRunner runner, Confinement confinement, QuarantineRequest request, CancellationToken cancellationToken)
    {
        var dump = new SnapshotDump(server.Cluster, binaries, runner) { Confine = command => confinement.Wrap(command, server.ClientPlace) };
        var what = new DumpRequest(
            ThrowAwayCluster.Database,
            "capyd import",
            request.ConsumeArchive,
            progress => request.Progress?.Invoke(new ImportProgress(ImportPhase.Dump, progress.Fraction, progress.ArchiveBytes, 0)));
        return dump.RunAsync(what, cancellationToken);
    }
}
