using Capyd.BaseBackups;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Recovery;
using Capyd.Wal;

namespace Capyd.Recovery;

/// <summary>
/// Recovers one database in a private server: its files out of a base backup, the shared catalogues, holes for everything else, and all
/// WAL up to the place that was planned.
/// </summary>
internal sealed class RecoveryRun(SandboxPlaces places, BaseBackupRepository backups, WalArchive archive, PostgresServer server)
{
    private const double FilesShare = 0.4;
    private const double ReplayShare = 0.95;

    /// <param name="database">As it was called at the moment that is recovered.</param>
    /// <param name="report">Phase and the share of the recovery that is done, 0–1.</param>
    /// <returns>The caller disposes it, which ends the server and removes its files.</returns>
    /// <exception cref="CapydException">The moment was not reached, or the database did not exist then.</exception>
    public async Task<RecoveredDatabase> RunAsync(
        JobContext job, RecoveryPlan plan, DatabaseName database, Action<string, double> report, CancellationToken cancellation)
    {
        report("recover:wait", 0);
        var turn = await places.WaitForTurnAsync(cancellation);
        try
        {
            var first = await AttemptAsync(new Attempt(job, plan, database, report, turn, new HashSet<uint>()), cancellation);
            if (first.Hollow is not { } hollow)
            {
                return first.Recovered!;
            }

            // The database had another name when the base backup was taken: now its number is known.
            var second = await AttemptAsync(new Attempt(job, plan, database, report, turn, new HashSet<uint> { hollow }), cancellation);
            return second.Recovered ?? throw new CapydException(ErrorCode.Internal, $"the contents of database {database} were not written out of {plan.BaseBackup}");
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private async Task<(RecoveredDatabase? Recovered, uint? Hollow)> AttemptAsync(Attempt attempt, CancellationToken cancellation)
    {
        await places.RemoveAsync(attempt.Job.Row.Id, cancellation);
        FaultPoint.Reach("recovery.begin");
        var directory = places.Of(attempt.Job.Row.Id);
        var files = await WriteFilesAsync(attempt, directory, cancellation);
        FaultPoint.Reach("recovery.after_files");
        var walls = await SandboxGround.WallsAsync(server.Capabilities.Cluster, places, files.Facts, cancellation);
        var installation = places.Binaries.Server(files.Facts.ServerVersion / 10_000);
        var sandbox = new RecoverySandbox(places.Settings(directory, walls), installation, places.Runner);
        var cluster = new PostgresCluster(sandbox.Endpoint);
        var recovered = new RecoveredDatabase(sandbox, cluster, attempt.Database, attempt.Turn);
        try
        {
            var reached = await ReplayAsync(attempt, files, sandbox, cancellation);
            FaultPoint.Reach("recovery.after_replay");
            recovered.NextTransaction = await SandboxDatabase.NextTransactionAsync(cluster, cancellation);
            var oid = await SandboxDatabase.FindAsync(cluster, attempt.Database, cancellation) ?? throw DidNotExist(attempt);
            if (files.Wanted.IsHollow(files.Facts.Databases, oid))
            {
                await recovered.DisposeServerAsync();
                return (null, oid);
            }

            await SandboxIsolation.CloseOthersAsync(cluster, attempt.Database, cancellation);
            attempt.Report("recover:ready", 1);
            recovered.LastCommitAt = reached.LastCommitAt;
            return (recovered, null);
        }
        catch
        {
            await recovered.DisposeServerAsync();
            throw;
        }
    }

    private async Task<(BaseBackupFacts Facts, WantedFiles Wanted)> WriteFilesAsync(Attempt attempt, string directory, CancellationToken cancellation)
    {
        using var backup = await backups.OpenBackupAsync(attempt.Plan.Manifest, cancellation);
        var wanted = WantedFiles.Of(backup.Facts.Databases, backup.Members, attempt.Database, attempt.Extra);
        places.RequireSpace(wanted, attempt.Plan.WalBytes);
        await new BaseBackupRestore(places.Runner).RunAsync(
            new BaseBackupRestoreRequest(backup, Path.Combine(directory, "data"))
            {
                Databases = wanted.Databases, TablespaceDirectory = Path.Combine(directory, "tablespaces"), Durable = false,
                Progress = written => attempt.Report("recover:files", FilesShare * written / Math.Max(1, wanted.Bytes)),
            },
            cancellation);
        return (backup.Facts, wanted);
    }

    private async Task<RecoveryResult.Reached> ReplayAsync(
        Attempt attempt, (BaseBackupFacts Facts, WantedFiles Wanted) files, RecoverySandbox sandbox, CancellationToken cancellation)
    {
        var facts = files.Facts;
        await sandbox.PrepareSocketDirectoryAsync(cancellation);
        var plan = attempt.Plan;
        await using var serving = SandboxGround.Serve(archive, facts, files.Wanted, sandbox);
        var request = new RecoveryRequest(plan.RecoveryTarget, SandboxGround.RestoreCommand(sandbox), plan.Timeline) { RequiredLsn = plan.Required };
        var result = await sandbox.RecoverAsync(
            request,
            progress =>
            {
                serving.Taken(progress.Segment);
                attempt.Report("recover:replay", FilesShare + ((ReplayShare - FilesShare) * SandboxGround.Share(plan, facts, progress.Segment)));
            },
            cancellation);
        return result as RecoveryResult.Reached ?? throw SandboxGround.Failure((RecoveryResult.Failed)result, serving, facts);
    }

    private static CapydException DidNotExist(Attempt attempt) => CapydException.Invalid(
        $"database {attempt.Database} did not exist at {RecoveryRefusal.Show(attempt.Plan.Effective)}", "ask for a later moment");

    /// <param name="Extra">Databases of the base backup that are wanted besides the one with the name.</param>
    private sealed record Attempt(
        JobContext Job, RecoveryPlan Plan, DatabaseName Database, Action<string, double> Report, IDisposable Turn, IReadOnlySet<uint> Extra);
}
