using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Jobs;

/// <summary>The queue of durable work: putting in, taking out, calling off.</summary>
public static partial class JobStore
{
    private static readonly string ClaimNextSql = SqlText.Load("Jobs/ClaimNextJob.sql");
    private static readonly string RecoverOrphansSql = SqlText.Load("Jobs/RecoverOrphans.sql");

    /// <exception cref="ResourceBusyException">The job is exclusive, and so is an active job of its resource.</exception>
    public static void Insert(MetadataTransaction transaction, JobRow row)
    {
        try
        {
            InsertRow(transaction, row);
        }
        catch (ConstraintViolationException error) when (error.IsUniqueness
            && row.LockedResource is not null
            && HasActiveExclusive(transaction, row.LockedResource))
        {
            throw new ResourceBusyException(row.LockedResource, error);
        }
    }

    /// <summary>Starts the oldest job that may run now and whose resource is free, and returns it; null when none is.</summary>
    public static JobRow? ClaimNext(MetadataTransaction transaction, string bootId, DateTimeOffset now) =>
        transaction.First(ClaimNextSql, Map, ("boot", bootId), ("now", now));

    /// <summary>Puts back the jobs that an earlier start of the daemon was running when it stopped.</summary>
    public static IReadOnlyList<JobRow> RecoverOrphans(
        MetadataTransaction transaction, string bootId, DateTimeOffset now) =>
        transaction.Query(RecoverOrphansSql, Map, ("boot", bootId), ("now", now));

    /// <summary>Asks for the end of a pending or running job.</summary>
    /// <returns>False when it is missing, or has ended.</returns>
    public static bool RequestCancel(MetadataTransaction transaction, JobId id, DateTimeOffset at) =>
        transaction.ChangeOne(
            """
            UPDATE jobs SET cancel_requested = 1, updated_at = @at
            WHERE id = @id AND state IN ('pending', 'running')
            """,
            ("id", id.ToString()),
            ("at", at));

    /// <summary>Ends a job that does not run, as failed with the error <c>cancelled</c>.</summary>
    /// <returns>False when it is missing, runs, or has ended.</returns>
    public static bool CancelPending(MetadataTransaction transaction, JobId id, DateTimeOffset at) =>
        transaction.ChangeOne(
            """
            UPDATE jobs SET state = 'failed', error = 'cancelled', retry_classification = 'permanent',
              cancel_requested = 1, completed_at = @at, updated_at = @at, secret_payload = NULL
            WHERE id = @id AND state = 'pending'
            """,
            ("id", id.ToString()),
            ("at", at));

    private static bool HasActiveExclusive(MetadataSession session, string resource) => session.Exists(
        """
        SELECT 1 FROM jobs WHERE locked_resource = @resource AND lock_mode = 'exclusive'
          AND state IN ('pending', 'running')
        """,
        ("resource", resource));

    private static void InsertRow(MetadataTransaction transaction, JobRow row) => transaction.Insert(
        "jobs",
        ("id", row.Id.ToString()),
        ("organization_id", row.OrganizationId.ToString()),
        ("project_id", row.ProjectId?.ToString()),
        ("preview_id", row.PreviewId?.ToString()),
        ("type", row.Type),
        ("state", row.State),
        ("payload_json", row.PayloadJson),
        ("secret_payload", row.SecretPayload),
        ("attempts", row.Attempts),
        ("max_attempts", row.MaxAttempts),
        ("crash_count", row.CrashCount),
        ("run_after", row.RunAfter),
        ("locked_resource", row.LockedResource),
        ("lock_mode", row.LockMode),
        ("claimed_at", row.ClaimedAt),
        ("claimed_by", row.ClaimedBy),
        ("started_at", row.StartedAt),
        ("completed_at", row.CompletedAt),
        ("error", row.Error),
        ("retry_classification", row.RetryClassification),
        ("last_exit_code", row.LastExitCode),
        ("last_stdout", row.LastStdout),
        ("last_stderr", row.LastStderr),
        ("progress", row.Progress),
        ("phase", row.Phase),
        ("result_json", row.ResultJson),
        ("checkpoint_json", row.CheckpointJson),
        ("cancel_requested", row.CancelRequested),
        ("created_at", row.CreatedAt),
        ("updated_at", row.UpdatedAt));
}
