using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Jobs;

public static partial class JobStore
{
    public static JobRow? Find(MetadataSession session, JobId id) =>
        session.First("SELECT * FROM jobs WHERE id = @id", Map, ("id", id.ToString()));

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<JobRow> ListByProject(MetadataSession session, ProjectId project, int limit) =>
        session.Query(
            "SELECT * FROM jobs WHERE project_id = @project ORDER BY created_at DESC, rowid DESC LIMIT @limit",
            Map,
            ("project", project.ToString()),
            ("limit", limit));

    /// <summary>Those on a preview, newest first.</summary>
    public static IReadOnlyList<JobRow> ListByPreview(MetadataSession session, ProjectId project, PreviewId preview) => session.Query(
        "SELECT * FROM jobs WHERE project_id = @project AND preview_id = @preview ORDER BY created_at DESC, rowid DESC",
        Map,
        ("project", project.ToString()),
        ("preview", preview.ToString()));

    /// <summary>Pending and running jobs, oldest first.</summary>
    public static IReadOnlyList<JobRow> ListActive(MetadataSession session) => session.Query(
        "SELECT * FROM jobs WHERE state IN ('pending', 'running') ORDER BY created_at, rowid", Map);

    /// <summary>Whether a pending or running job of the resource excludes, or is excluded by, one of this mode.</summary>
    public static bool HasConflict(MetadataSession session, string resource, string lockMode) => session.Exists(
        """
        SELECT 1 FROM jobs WHERE locked_resource = @resource AND state IN ('pending', 'running')
          AND (lock_mode = 'exclusive' OR @mode = 'exclusive')
        """,
        ("resource", resource),
        ("mode", lockMode));

    /// <summary>Whether a job of one of the types is pending or running.</summary>
    public static bool HasActive(MetadataSession session, params ReadOnlySpan<string> types)
    {
        foreach (var type in types)
        {
            if (session.Exists("SELECT 1 FROM jobs WHERE type = @type AND state IN ('pending', 'running')", ("type", type)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>When the next pending job may run, which can be in the past; null when none is pending.</summary>
    public static DateTimeOffset? NextRunAfter(MetadataSession session) => session.First(
        "SELECT min(run_after) AS next FROM jobs WHERE state = 'pending'", row => row.TimeOrNull("next"));

    /// <summary>When the first job of a type was done for a project; null when none was.</summary>
    public static DateTimeOffset? FirstCompletion(MetadataSession session, ProjectId project, string type) => session.First(
        "SELECT min(completed_at) AS first FROM jobs WHERE project_id = @project AND type = @type AND state = 'completed'",
        row => row.TimeOrNull("first"),
        ("project", project.ToString()),
        ("type", type));

    /// <summary>How many jobs are in each state; states without a job are left out.</summary>
    public static IReadOnlyDictionary<string, long> CountByState(MetadataSession session) => session.Query(
        "SELECT state, count(*) AS jobs FROM jobs GROUP BY state",
        row => (State: row.Text("state"), Jobs: row.Integer("jobs")))
        .ToDictionary(count => count.State, count => count.Jobs, StringComparer.Ordinal);

    private static JobRow Map(ResultRow row) => new()
    {
        Id = row.Id<JobKind>("id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        ProjectId = row.IdOrNull<ProjectKind>("project_id"),
        PreviewId = row.IdOrNull<PreviewKind>("preview_id"),
        Type = row.Text("type"),
        State = row.Text("state"),
        PayloadJson = row.Text("payload_json"),
        SecretPayload = row.BytesOrNull("secret_payload"),
        Attempts = row.Int32("attempts"),
        MaxAttempts = row.Int32("max_attempts"),
        CrashCount = row.Int32("crash_count"),
        RunAfter = row.Time("run_after"),
        LockedResource = row.TextOrNull("locked_resource"),
        LockMode = row.Text("lock_mode"),
        ClaimedAt = row.TimeOrNull("claimed_at"),
        ClaimedBy = row.TextOrNull("claimed_by"),
        StartedAt = row.TimeOrNull("started_at"),
        CompletedAt = row.TimeOrNull("completed_at"),
        Error = row.TextOrNull("error"),
        RetryClassification = row.TextOrNull("retry_classification"),
        LastExitCode = row.Int32OrNull("last_exit_code"),
        LastStdout = row.TextOrNull("last_stdout"),
        LastStderr = row.TextOrNull("last_stderr"),
        Progress = row.RealOrNull("progress"),
        Phase = row.TextOrNull("phase"),
        ResultJson = row.TextOrNull("result_json"),
        CheckpointJson = row.TextOrNull("checkpoint_json"),
        CancelRequested = row.Flag("cancel_requested"),
        CreatedAt = row.Time("created_at"),
        UpdatedAt = row.Time("updated_at"),
    };
}
