using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Previews;

/// <summary>Previews. Changes answer false when the preview is missing, deleted or not in an expected state.</summary>
public static partial class PreviewStore
{
    /// <exception cref="ConstraintViolationException">The name is taken in this project.</exception>
    public static void Insert(MetadataTransaction transaction, PreviewRow row) => transaction.Insert(
        "previews",
        ("id", row.Id.ToString()),
        ("project_id", row.ProjectId.ToString()),
        ("organization_id", row.OrganizationId.ToString()),
        ("name", row.Name),
        ("mode", row.Mode),
        ("state", row.State),
        ("database_name", row.DatabaseName),
        ("role_name", row.RoleName),
        ("password_sealed", row.PasswordSealed),
        ("ttl_hours", row.TtlHours),
        ("ttl_expires_at", row.TtlExpiresAt),
        ("source_kind", row.SourceKind),
        ("source_database", row.SourceDatabase),
        ("source_backup_key", row.SourceBackupKey),
        ("source_restore_time", row.SourceRestoreTime),
        ("last_error", row.LastError),
        ("created_at", row.CreatedAt),
        ("updated_at", row.UpdatedAt),
        ("deleted_at", row.DeletedAt));

    /// <param name="expected">Moves only from one of these states.</param>
    /// <param name="lastError">Replaces the earlier one; null clears it.</param>
    public static bool SetState(
        MetadataTransaction transaction,
        PreviewId id,
        IReadOnlyList<string> expected,
        string state,
        string? lastError,
        DateTimeOffset at) => transaction.ChangeState("previews", id.ToString(), expected, state, at, lastError);

    /// <summary>Records where the content came from.</summary>
    /// <param name="restoreTime">The moment that a point-in-time content shows.</param>
    public static bool SetSource(
        MetadataTransaction transaction,
        PreviewId id,
        string kind,
        string? backupKey,
        DateTimeOffset at,
        DateTimeOffset? restoreTime = null) => transaction.ChangeOne(
            """
            UPDATE previews SET source_kind = @kind, source_backup_key = @backupKey,
              source_restore_time = @restoreTime, updated_at = @at
            WHERE id = @id AND state <> 'deleted'
            """,
            ("id", id.ToString()),
            ("kind", kind),
            ("backupKey", backupKey),
            ("restoreTime", restoreTime),
            ("at", at));

    public static bool SetTtl(
        MetadataTransaction transaction, PreviewId id, int hours, DateTimeOffset expiresAt, DateTimeOffset at) =>
        transaction.ChangeOne(
            """
            UPDATE previews SET ttl_hours = @hours, ttl_expires_at = @expiresAt, updated_at = @at
            WHERE id = @id AND state <> 'deleted'
            """,
            ("id", id.ToString()),
            ("hours", hours),
            ("expiresAt", expiresAt),
            ("at", at));

    /// <summary>Ends the preview: frees its names and forgets its password. The row stays.</summary>
    public static bool MarkDeleted(MetadataTransaction transaction, PreviewId id, DateTimeOffset at) =>
        transaction.ChangeOne(
            """
            UPDATE previews SET state = 'deleted', deleted_at = @at, updated_at = @at, last_error = NULL,
              password_sealed = x''
            WHERE id = @id AND state <> 'deleted'
            """,
            ("id", id.ToString()),
            ("at", at));
}
