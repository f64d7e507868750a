using Capyd.Audit;
using Capyd.Auth;
using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Projects;
using Capyd.Recovery;
using Capyd.Storage.Backups;
using Capyd.Storage.Projects;
using Capyd.Storage.RestorePoints;

namespace Capyd.RestorePoints;

/// <summary>
/// Puts a label on a backup, which keeps it from expiring, or on the present instant, whose name is written into the WAL first: a
/// crash in between leaves a name that nobody asks for.
/// </summary>
internal sealed class CreateRestorePoint(MetadataDatabase metadata, PostgresServer server, RecoveryPlanner planner, TimeProvider clock)
{
    private const string WalLevelTooLow = "55000";

    public async Task<RestorePointRow> RunAsync(Principal principal, string projectId, CreateRestorePointRequest? request, CancellationToken cancellation)
    {
        var project = metadata.Read(session => ProjectAccess.Find(session, principal, projectId));
        var draft = RestorePointDraft.Of(request);
        var id = RestorePointId.New();
        var row = NewRow(principal, project, draft, id);
        if (draft.At is { } at)
        {
            row = row with { PitrTime = at, WalLsn = await ReachableAsync(project, at, cancellation) };
        }
        else if (draft.BackupKey is null)
        {
            var mark = await MarkAsync(project, principal, id, cancellation);
            row = row with { PitrTime = mark.At, WalName = mark.Name, WalLsn = mark.Position.ToString() };
        }

        return await metadata.WriteAsync(tx => Store(tx, principal, projectId, row, draft.BackupKey), cancellation);
    }

    /// <summary>Verified when it is pinned, not when it is needed (trap 74).</summary>
    /// <returns>Where the last commit before stands; null when there is none since the base backup.</returns>
    private async Task<string?> ReachableAsync(ProjectRow project, DateTimeOffset at, CancellationToken cancellation)
    {
        if (at < project.CreatedAt)
        {
            throw CapydException.Invalid($"pitr_time: {RecoveryRefusal.Show(at)} is before the project was made, at {RecoveryRefusal.Show(project.CreatedAt)}");
        }

        try
        {
            var plan = await planner.PlanAsync(new RecoveryWish.Moment(at), cancellation);
            return plan switch
            {
                { Clamped: false, Kind: RecoveryPlan.After } => plan.Target,
                { Clamped: false } => null,
                _ => throw CapydException.Invalid(
                $"pitr_time: {RecoveryRefusal.Show(at)} is later than anything that was received; the newest is {RecoveryRefusal.Show(plan.Effective)}", "leave pitr_time out for the present instant"),
            };
        }
        catch (CapydException e) when (e.Code.Status is 400 or 409 && !e.Message.StartsWith("pitr_time", StringComparison.Ordinal))
        {
            throw CapydException.Invalid($"pitr_time: {e.Message}", e.Hint);
        }
    }

    private async Task<WalMark> MarkAsync(ProjectRow project, Principal principal, RestorePointId id, CancellationToken cancellation)
    {
        metadata.Read(session => ProjectAccess.FindReady(session, principal, project.Id.ToString()));
        try
        {
            return await server.Capabilities.Marks.WriteAsync($"capyd_{id}", cancellation);
        }
        catch (PostgresFailedException e) when (e.SqlState == WalLevelTooLow)
        {
            throw new CapydException(
                ErrorCode.WrongState, $"the server cannot name a point in its WAL: {e.Message}",
                "its operator can, as a superuser: ALTER SYSTEM SET wal_level = replica; and then restart PostgreSQL");
        }
        catch (PostgresFailedException e) when (e.Retry == RetryClass.Transient)
        {
            throw new CapydException(ErrorCode.PostgresUnavailable, e.Message, "try again when GET /status says that PostgreSQL answers");
        }
    }

    private RestorePointRow NewRow(Principal principal, ProjectRow project, RestorePointDraft draft, RestorePointId id)
    {
        var now = clock.GetUtcNow();
        return new RestorePointRow
        {
            Id = id, ProjectId = project.Id, OrganizationId = project.OrganizationId, Label = draft.Label, Note = draft.Note, Kind = RestorePointKinds.Pitr,
            CreatedByActorKind = principal.Actor.Kind, CreatedByActorId = principal.Actor.Id, CreatedAt = now, UpdatedAt = now,
        };
    }

    private static RestorePointRow Store(MetadataTransaction tx, Principal principal, string projectId, RestorePointRow row, string? backupKey)
    {
        var project = ProjectAccess.Find(tx, principal, projectId);
        var complete = backupKey is null
            ? row
            : row with { Kind = RestorePointKinds.Backup, BackupId = Backup(tx, project, backupKey).Id, BackupKey = backupKey };
        RestorePointStore.Insert(tx, complete);
        AuditTrail.Append(
            tx, principal, "restore_point.created", project.Id, row.CreatedAt, new AuditDetail(BackupKey: backupKey, Target: row.Id.ToString(), Name: row.Label));
        return RestorePointStore.Find(tx, row.Id)!;
    }

    private static BackupRow Backup(MetadataSession session, ProjectRow project, string key) => BackupStore.FindByKey(session, key) switch
    {
        null => throw Unknown(),
        { } backup when backup.ProjectId != project.Id => throw Unknown(),
        { State: "completed" } backup => backup,
        { State: "running" } => throw new CapydException(ErrorCode.WrongState, "this backup is still being taken", "wait for its job to end"),
        { } backup => throw new CapydException(ErrorCode.BackupUnusable, $"this backup is {backup.State} and cannot be restored, so it takes no label"),
    };

    private static CapydException Unknown() => CapydException.Invalid("backup_key: this project has no such backup", "GET …/backups lists the keys");
}
