using Capyd.BaseBackups;
using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Recovery;
using Capyd.Postgres.Tools;
using Capyd.Postgres.Wal;
using Capyd.Wal;

namespace Capyd.Repository;

/// <summary>Rebuilds a whole cluster from the repository alone: the base backup is written out, rolled forward, promoted and stopped.</summary>
internal sealed class RecoverRun(RecoverSettings settings, ProgressLine progress, TimeProvider clock)
{
    private const long Reserve = 1L << 30;
    private readonly ToolRunner _runner = new(clock);

    /// <exception cref="CapydException">It cannot be done, or PostgreSQL could not do it; the target is then not to be used.</exception>
    public async Task<RecoverOutcome> RunAsync(RecoverWish wish, CancellationToken cancellation)
    {
        using var workspace = await RecoverWorkspace.OpenAsync(settings.Target, settings.Restart, clock, cancellation);
        using var repository = await KeptRepository.OpenAsync(settings.Repository, workspace.Cache, clock, cancellation);
        progress.Show("looking for the moment", 0);
        var source = await RecoverSource.FindAsync(repository, settings.System, settings.RescuedWal, cancellation);
        var plan = await new RecoverPlanner(source.Log, source.Backups).PlanAsync(wish, cancellation);
        var installation = PostgresBinaries.Discover(settings.BinDir).Server(plan.Backup.Major);
        RequireSpace(workspace, plan);
        await WriteOutAsync(repository, workspace, plan, cancellation);
        FaultPoint.Reach("recover.after_copy");
        var result = await RollForwardAsync(source, workspace, plan, installation, cancellation);
        if (result.Outcome is not RecoveryResult.Reached reached)
        {
            throw new CapydException(
                ErrorCode.PostgresUnavailable, ((RecoveryResult.Failed)result.Outcome).Message, $"what is in {workspace.Target} is not to be used; once the cause is gone, --restart begins again");
        }

        FaultPoint.Reach("recover.after_promotion");
        workspace.Complete();
        progress.End();
        return new RecoverOutcome(plan, installation, reached, result.Written);
    }

    private static void RequireSpace(RecoverWorkspace workspace, RecoverPlan plan)
    {
        var place = Directory.Exists(workspace.Target) ? workspace.Target : Path.GetDirectoryName(workspace.Target)!;
        var (free, wanted) = (new DriveInfo(place).AvailableFreeSpace, plan.Backup.Header.LogicalBytes + Reserve);
        if (free < wanted)
        {
            throw new CapydException(
                ErrorCode.WrongState, $"{place} has {ByteText.Of(free)} left, and the cluster needs {ByteText.Of(wanted)} with a reserve for its WAL", "make room, or name another --target");
        }
    }

    private async Task WriteOutAsync(KeptRepository repository, RecoverWorkspace workspace, RecoverPlan plan, CancellationToken cancellation)
    {
        var total = Math.Max(1, plan.Backup.Header.LogicalBytes);
        using var backup = new StoredBaseBackup(repository.Chunks, await repository.Chunks.OpenManifestAsync(plan.Backup.Name, cancellation));
        await new BaseBackupRestore(_runner).RunAsync(
            new BaseBackupRestoreRequest(backup, workspace.Target)
            {
                Owner = settings.ToolUser,
                Progress = bytes => progress.Show("writing the base backup", (double)bytes / total, $"{ByteText.Of(bytes)} of {ByteText.Of(total)}"),
            },
            cancellation);
    }

    private Task<ClusterRecoveryResult> RollForwardAsync(
        RecoverSource source, RecoverWorkspace workspace, RecoverPlan plan, PostgresInstallation installation, CancellationToken cancellation)
    {
        var place = new ClusterRecoverySettings(workspace.Target, workspace.Root, settings.ToolUser) { Environment = RuntimeSwitches() };
        progress.Show("replaying WAL", 0);
        return new ClusterRecovery(place, installation, _runner).RunAsync(
            new RecoveryRequest(plan.Target, FetchCommand.Through(place.WalSocket), plan.Timeline) { RequiredLsn = plan.Required },
            source.Lineage,
            source.Log.LookAsync,
            step => progress.Show("replaying WAL", ShareOf(plan, source.Lineage, step), $"{step.Segment}, {step.Fetched} files"),
            cancellation);
    }

    /// <summary>capyd is the restore_command, too, and may have been started with switches of its runtime.</summary>
    private static Dictionary<string, string> RuntimeSwitches() =>
        Environment.GetEnvironmentVariable("DOTNET_ROLL_FORWARD") is { Length: > 0 } roll ? new() { ["DOTNET_ROLL_FORWARD"] = roll } : [];

    private static double ShareOf(RecoverPlan plan, WalLineage lineage, RecoveryProgress step)
    {
        if (WalFileName.TryParse(step.Segment, lineage.SegmentSize)?.Segment is not { } segment || plan.End <= plan.Backup.Start)
        {
            return 0;
        }

        var (done, all) = ((double)segment.Start.Position - plan.Backup.Start.Position, (double)(plan.End.Position - plan.Backup.Start.Position));
        return Math.Clamp(done / all, 0, 1);
    }
}
