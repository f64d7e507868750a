using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Projects;

/// <summary>Projects. Changes answer false when the project is missing, deleted or not in an expected state.</summary>
public static partial class ProjectStore
{
    /// <exception cref="ConstraintViolationException">The slug, database or role name is taken.</exception>
    public static void Insert(MetadataTransaction transaction, ProjectRow row) => transaction.Insert(
        "projects",
        ("id", row.Id.ToString()),
        ("organization_id", row.OrganizationId.ToString()),
        ("name", row.Name),
        ("slug", row.Slug),
        ("environment", row.Environment),
        ("region", row.Region),
        ("plan", row.Plan),
        ("state", row.State),
        ("database_name", row.DatabaseName),
        ("role_name", row.RoleName),
        ("password_sealed", row.PasswordSealed),
        ("pending_password_sealed", row.PendingPasswordSealed),
        ("max_connections", row.MaxConnections),
        ("storage_limit_bytes", row.StorageLimitBytes),
        ("statement_timeout", row.StatementTimeout),
        ("idle_transaction_timeout", row.IdleTransactionTimeout),
        ("always_on", row.AlwaysOn),
        ("always_on_explicit", row.AlwaysOnExplicit),
        ("postgres_version", row.PostgresVersion),
        ("latest_job_id", row.LatestJobId?.ToString()),
        ("last_error", row.LastError),
        ("created_at", row.CreatedAt),
        ("updated_at", row.UpdatedAt),
        ("deleted_at", row.DeletedAt));

    /// <param name="expected">Moves only from one of these states.</param>
    /// <param name="lastError">Replaces the earlier one; null clears it.</param>
    public static bool SetState(
        MetadataTransaction transaction,
        ProjectId id,
        IReadOnlyList<string> expected,
        string state,
        string? lastError,
        DateTimeOffset at) => transaction.ChangeState("projects", id.ToString(), expected, state, at, lastError);

    public static bool SetLatestJob(MetadataTransaction transaction, ProjectId id, JobId job, DateTimeOffset at) =>
        transaction.ChangeOne(
            "UPDATE projects SET latest_job_id = @job, updated_at = @at WHERE id = @id",
            ("id", id.ToString()),
            ("job", job.ToString()),
            ("at", at));

    public static bool UpdateSettings(
        MetadataTransaction transaction,
        ProjectId id,
        string environment,
        bool alwaysOn,
        bool alwaysOnExplicit,
        DateTimeOffset at) => transaction.ChangeOne(
            """
            UPDATE projects SET environment = @environment, always_on = @alwaysOn,
              always_on_explicit = @alwaysOnExplicit, updated_at = @at
            WHERE id = @id AND state <> 'deleted'
            """,
            ("id", id.ToString()),
            ("environment", environment),
            ("alwaysOn", alwaysOn),
            ("alwaysOnExplicit", alwaysOnExplicit),
            ("at", at));

    /// <summary>Makes this the password, and forgets the pending one.</summary>
    public static bool SetPassword(
        MetadataTransaction transaction, ProjectId id, byte[] sealedPassword, DateTimeOffset at) =>
        transaction.ChangeOne(
            """
            UPDATE projects SET password_sealed = @password, pending_password_sealed = NULL, updated_at = @at
            WHERE id = @id AND state <> 'deleted'
            """,
            ("id", id.ToString()),
            ("password", sealedPassword),
            ("at", at));

    /// <summary>Remembers the password that is about to be set, before the server learns it; null forgets it.</summary>
    public static bool SetPendingPassword(MetadataTransaction transaction, ProjectId id, byte[]? sealedPassword) =>
        transaction.ChangeOne(
            "UPDATE projects SET pending_password_sealed = @password WHERE id = @id AND state <> 'deleted'",
            ("id", id.ToString()),
            ("password", sealedPassword));

    public static bool SetPostgresVersion(
        MetadataTransaction transaction, ProjectId id, string version, DateTimeOffset at) => transaction.ChangeOne(
            "UPDATE projects SET postgres_version = @version, updated_at = @at WHERE id = @id AND state <> 'deleted'",
            ("id", id.ToString()),
            ("version", version),
            ("at", at));

    /// <summary>Ends the project: frees its names and forgets its passwords. The row stays.</summary>
    public static bool MarkDeleted(MetadataTransaction transaction, ProjectId id, DateTimeOffset at) =>
        transaction.ChangeOne(
            """
            UPDATE projects SET state = 'deleted', deleted_at = @at, updated_at = @at, last_error = NULL,
              password_sealed = x'', pending_password_sealed = NULL
            WHERE id = @id AND state <> 'deleted'
            """,
            ("id", id.ToString()),
            ("at", at));
}
