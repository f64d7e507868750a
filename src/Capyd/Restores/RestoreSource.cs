using Capyd.Storage.Backups;
using Capyd.Storage.Projects;
using Capyd.Storage.RestorePoints;

namespace Capyd.Restores;

/// <summary>Finds the backup that a restore names and says why it may not be used (contract D.5).</summary>
internal static class RestoreSource
{
    public static BackupRow Find(MetadataSession session, ProjectRow project, RestoreBody request)
    {
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

    /// <exception cref="CapydException">There is no source, or more than one.</exception>
    public static void RequireOne(RestoreBody request)
    {
        string?[] sources = [request.BackupKey, request.RestoreTime, request.RestorePointId];
        if (sources.Count(given => !string.IsNullOrEmpty(given)) != 1)
        {
            throw CapydException.Invalid("give exactly one of backup_key, restore_time or restore_point_id", "GET …/backups lists the keys");
        }
    }

    /// <exception cref="CapydException">404: the project has no such point.</exception>
    public static RestorePointRow Point(MetadataSession session, ProjectRow project, string restorePointId)
    {
        var point = RestorePointId.TryParse(restorePointId, out var id) ? RestorePointStore.Find(session, id) : null;
        return point is not null && point.ProjectId == project.Id ? point : throw CapydException.NotFound("restore point");
    }

    private static BackupRow OfRestorePoint(MetadataSession session, ProjectRow project, string restorePointId)
    {
        var point = Point(session, project, restorePointId);
        return point.BackupId is { } backup && BackupStore.Find(session, backup) is { } row
            ? row
            : throw new CapydException(ErrorCode.BackupUnusable, "restore_point_id: the backup of this point is gone");
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
