using Capyd.Storage.Backups;
using Capyd.Storage.Projects;
using Capyd.Storage.RestorePoints;

namespace Capyd.Restores;

/// <summary>Finds the backup that a restore names and says why it may not be used (contract D.5).</summary>
internal static class RestoreSource
{
    public static BackupRow Find(MetadataSession session, ProjectRow project, RestoreBody request)
    {
        RequireOne(request);
        if (!string.IsNullOrEmpty(request.RestorePointId))
        {
            return Check(OfRestorePoint(session, project, request.RestorePointId), request.AllowUnverifiedBackup == true);
        }

        var backup = BackupStore.FindByKey(session, request.BackupKey!);
        if (backup is null || backup.OrganizationId != project.OrganizationId || !MayUse(session, backup, project))
        {
            throw CapydException.NotFound("backup");
        }

        return Check(backup, request.AllowUnverifiedBackup == true);
    }

    private static void RequireOne(RestoreBody request)
    {
        var sources = new[] { !string.IsNullOrEmpty(request.BackupKey), !string.IsNullOrEmpty(request.RestoreTime), !string.IsNullOrEmpty(request.RestorePointId) };
        if (sources.Count(given => given) != 1)
        {
            throw CapydException.Invalid("give exactly one of backup_key, restore_time or restore_point_id", "GET …/backups lists the keys");
        }

        if (sources[1])
        {
            throw CapydException.Invalid("restore_time: this version of capyd restores from backups only", "give a backup_key; GET …/backups lists them");
        }
    }

    private static BackupRow OfRestorePoint(MetadataSession session, ProjectRow project, string restorePointId)
    {
        var point = RestorePointId.TryParse(restorePointId, out var id) ? RestorePointStore.Find(session, id) : null;
        if (point is null || point.ProjectId != project.Id)
        {
            throw CapydException.NotFound("restore point");
        }

        return point.BackupId is { } backup && BackupStore.Find(session, backup) is { } row
            ? row
            : throw CapydException.Invalid(
                "restore_point_id: this point marks an instant, and this version of capyd restores from backups only", "give one of kind backup, or a backup_key");
    }

    /// <summary>The project's own backups, and those of a project that is gone, so that its content can be had back.</summary>
    private static bool MayUse(MetadataSession session, BackupRow backup, ProjectRow project) =>
        backup.ProjectId == project.Id || ProjectStore.Find(session, backup.ProjectId) is { DeletedAt: not null };

    private static BackupRow Check(BackupRow backup, bool allowUnverified) => backup switch
    {
        { State: "running" } => throw new CapydException(ErrorCode.WrongState, "this backup is still being taken", "wait for its job to end"),
        { State: not "completed" } => throw new CapydException(ErrorCode.BackupUnusable, $"this backup is {backup.State} and cannot be restored"),
        { VerificationState: not "verified" } when !allowUnverified => throw new CapydException(
            ErrorCode.BackupUnusable, $"this backup is not verified: its verification is {backup.VerificationState}{Why(backup)}",
            "choose a verified one, or say allow_unverified_backup: true"),
        _ => backup,
    };

    private static string Why(BackupRow backup) => backup.VerificationError is null ? "" : $" ({backup.VerificationError})";
}
