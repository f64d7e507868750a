using Capyd.Storage.Backups;
using Capyd.Storage.Projects;

namespace Capyd.Restores;

/// <summary>Finds the backup that a restore names and says why it may not be used (contract D.5).</summary>
internal static class RestoreSource
{
    public static BackupRow Find(MetadataSession session, ProjectRow project, RestoreBody request)
    {
        RequireOne(request);
        var backup = BackupStore.FindByKey(session, request.BackupKey!);
        if (backup is null || backup.OrganizationId != project.OrganizationId || !MayUse(session, backup, project))
        {
            throw CapydException.NotFound("backup");
        }

        return Check(backup, request.AllowUnverifiedBackup == true);
    }

    private static void RequireOne(RestoreBody request)
    {
        var sources = new[] { !string.IsNullOrEmpty(request.BackupKey), request.RestoreTime is not null, !string.IsNullOrEmpty(request.RestorePointId) };
        if (sources.Count(given => given) != 1)
        {
            throw CapydException.Invalid("give exactly one of backup_key, restore_time or restore_point_id", "GET …/backups lists the keys");
        }

        if (!sources[0])
        {
            throw CapydException.Invalid(
                sources[1] ? "restore_time: this version of capyd restores from backups only" : "restore_point_id: this version of capyd keeps no restore points",
                "give a backup_key; GET …/backups lists them");
        }
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
