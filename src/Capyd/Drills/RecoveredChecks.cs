using Capyd.Archives;
using Capyd.Jobs;
using Capyd.Postgres.Checks;
using Capyd.Postgres.Dumps;
using Capyd.Recovery;

namespace Capyd.Drills;

/// <summary>What is asked of a recovered database beyond that it can be copied.</summary>
internal sealed partial class RecoveredChecks(SandboxPlaces places, CapydOptions options, ILogger<RecoveredChecks> logger)
{
    private const int MostNamed = 5;

    /// <summary>Every table and B-tree index is read by pg_amcheck, which adds its extension: to be asked last. Where it is not installed the drill fails: what is not checked is not proven (trap 91).</summary>
    public async Task RequireSoundAsync(JobContext job, RecoveredDatabase recovered, CancellationToken cancellation)
    {
        var facts = await recovered.Cluster.ProbeAsync(cancellation);
        var check = new AmCheck(recovered.Cluster.Endpoint, places.Binaries, places.Runner);
        var findings = await check.RunAsync(recovered.Database, facts.Major, options.Restore.Jobs, job.ApplicationName, cancellation);
        if (findings.Count > 0)
        {
            var named = string.Join("; ", findings.Take(MostNamed));
            throw new CapydException(
                ErrorCode.BackupUnusable, $"pg_amcheck found damage in the recovered database ({findings.Count} findings): {named}",
                "run pg_amcheck on the live database: if it finds the same, the damage is not of the backup");
        }
    }

    /// <returns>False when the recovered state is not exactly that of the dump, so that differences would say nothing.</returns>
    public async Task<bool> RequireSameAsync(JobContext job, RecoveredDatabase recovered, DumpMoment proof, CancellationToken cancellation)
    {
        var comparison = new SnapshotProof(recovered.Cluster);
        if (await comparison.ObstacleAsync(proof.Inventory.Snapshot!, recovered.NextTransaction, cancellation) is { } obstacle)
        {
            LogNotCompared(proof.Backup, obstacle);
            return false;
        }

        var differences = await comparison.CompareAsync(proof.Inventory, recovered.Database, job.ApplicationName, cancellation);
        return differences.Count == 0 ? true : throw Differs(proof, differences);
    }

    private static CapydException Differs(DumpMoment proof, IReadOnlyList<InventoryDifference> differences) => new(
        ErrorCode.BackupUnusable, $"the recovered database is not what backup {proof.Backup} saw at the same moment: {Differences.Describe(differences)}");

    [LoggerMessage(9400, LogLevel.Information, "the recovered database is not compared with backup {Backup}: {Obstacle}")]
    private partial void LogNotCompared(BackupId backup, string obstacle);
}
