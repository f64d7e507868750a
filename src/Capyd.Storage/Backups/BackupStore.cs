using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Backups;

/// <summary>Backups. Changes answer false when the backup is missing or not in an expected state.</summary>
public static partial class BackupStore
{
    public static void Insert(MetadataTransaction transaction, BackupRow row) => transaction.Insert(
        "backups",
        ("id", row.Id.ToString()),
        ("project_id", row.ProjectId.ToString()),
        ("organization_id", row.OrganizationId.ToString()),
        ("database_name", row.DatabaseName),
        ("backup_key", row.BackupKey),
        ("label", row.Label),
        ("size_bytes", row.SizeBytes),
        ("sha256", row.Sha256),
        ("state", row.State),
        ("verification_state", row.VerificationState),
        ("verification_error", row.VerificationError),
        ("verified_at", row.VerifiedAt),
        ("schedule_id", row.ScheduleId?.ToString()),
        ("retention_days", row.RetentionDays),
        ("job_id", row.JobId.ToString()),
        ("created_at", row.CreatedAt),
        ("updated_at", row.UpdatedAt));

    /// <summary>From running to completed, once the object is durable.</summary>
    public static bool Publish(
        MetadataTransaction transaction, BackupId id, long size, string sha256, DateTimeOffset at) =>
        transaction.ChangeOne(
            """
            UPDATE backups SET state = 'completed', size_bytes = @size, sha256 = @sha256, updated_at = @at
            WHERE id = @id AND state = 'running'
            """,
            ("id", id.ToString()),
            ("size", size),
            ("sha256", sha256),
            ("at", at));

    /// <summary>Records what a verification of a completed backup has found.</summary>
    public static bool SetVerification(
        MetadataTransaction transaction, BackupId id, string state, string? error, DateTimeOffset at) =>
        transaction.ChangeOne(
            """
            UPDATE backups SET verification_state = @state, verification_error = @error,
              verified_at = iif(@state = 'verified', @at, NULL), updated_at = @at
            WHERE id = @id AND state = 'completed'
            """,
            ("id", id.ToString()),
            ("state", state),
            ("error", error),
            ("at", at));

    /// <param name="expected">Moves only from one of these states.</param>
    public static bool SetState(
        MetadataTransaction transaction,
        BackupId id,
        IReadOnlyList<string> expected,
        string state,
        DateTimeOffset at) => transaction.ChangeState("backups", id.ToString(), expected, state, at);
}
