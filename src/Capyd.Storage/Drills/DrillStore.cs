using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Drills;

/// <summary>Drills. Changes answer false when the drill is missing or has ended.</summary>
public static class DrillStore
{
    public static void Insert(MetadataTransaction transaction, DrillRow row) => transaction.Insert("drills", [.. Columns(row)]);

    public static DrillRow? Find(MetadataSession session, DrillId id) =>
        session.First("SELECT * FROM drills WHERE id = @id", Map, ("id", id.ToString()));

    /// <summary>Of one organization, and of one project where one is named; newest first.</summary>
    public static IReadOnlyList<DrillRow> List(MetadataSession session, OrganizationId organization, ProjectId? project, int limit) => session.Query(
        """
        SELECT * FROM drills WHERE organization_id = @organization AND (@project IS NULL OR project_id = @project)
        ORDER BY created_at DESC, rowid DESC LIMIT @limit
        """,
        Map,
        ("organization", organization.ToString()),
        ("project", project?.ToString()),
        ("limit", limit));

    /// <summary>The newest good drill of a project, or of all.</summary>
    public static DrillRow? LastSucceeded(MetadataSession session, ProjectId? project) => session.First(
        """
        SELECT * FROM drills WHERE state = 'succeeded' AND (@project IS NULL OR project_id = @project)
        ORDER BY completed_at DESC, rowid DESC LIMIT 1
        """,
        Map,
        ("project", project?.ToString()));

    /// <summary>For each project that was drilled, how often in a row that failed since its last good one.</summary>
    public static IReadOnlyDictionary<ProjectId, long> FailuresInARow(MetadataSession session) => session.Query(
        """
        SELECT d.project_id, count(*) FILTER (WHERE d.state = 'failed' AND d.created_at > coalesce(
            (SELECT max(s.created_at) FROM drills AS s WHERE s.project_id = d.project_id AND s.state = 'succeeded'), -1)) AS failures
        FROM drills AS d GROUP BY d.project_id
        """,
        static row => (Project: row.Id<ProjectKind>("project_id"), Failures: row.Integer("failures")))
        .ToDictionary(static count => count.Project, static count => count.Failures);

    /// <summary>How many drills ended, or run, by state; states without a drill are left out.</summary>
    public static IReadOnlyDictionary<string, long> CountByState(MetadataSession session) => session.Query(
        "SELECT state, count(*) AS drills FROM drills GROUP BY state", static row => (State: row.Text("state"), Drills: row.Integer("drills")))
        .ToDictionary(static count => count.State, static count => count.Drills, StringComparer.Ordinal);

    /// <summary>Says what is being recovered, from which base backup, and with which dump it is to be compared.</summary>
    public static bool Choose(MetadataTransaction transaction, DrillRow row, DateTimeOffset at) => transaction.ChangeOne(
        """
        UPDATE drills SET restore_time = @time, target_lsn = @lsn, base_backup_id = @base, proof_backup_id = @proof, updated_at = @at
        WHERE id = @id AND state = 'running'
        """,
        ("id", row.Id.ToString()),
        ("time", row.RestoreTime),
        ("lsn", row.TargetLsn),
        ("base", row.BaseBackupId?.ToString()),
        ("proof", row.ProofBackupId?.ToString()),
        ("at", at));

    /// <summary>From running to succeeded, with what was measured.</summary>
    public static bool Succeed(MetadataTransaction transaction, DrillRow row, DateTimeOffset at) => transaction.ChangeOne(
        """
        UPDATE drills SET state = 'succeeded', recovery_ms = @recovery, rto_ms = @rto, tables = @tables, rows = @rows,
          proof_backup_id = @proof, completed_at = @at, updated_at = @at
        WHERE id = @id AND state = 'running'
        """,
        ("id", row.Id.ToString()),
        ("recovery", Milliseconds(row.Recovery)),
        ("rto", Milliseconds(row.Rto)),
        ("tables", row.Tables),
        ("rows", row.Rows),
        ("proof", row.ProofBackupId?.ToString()),
        ("at", at));

    /// <summary>From running to failed.</summary>
    public static bool Fail(MetadataTransaction transaction, DrillId id, string error, DateTimeOffset at) => transaction.ChangeOne(
        "UPDATE drills SET state = 'failed', error = @error, completed_at = @at, updated_at = @at WHERE id = @id AND state = 'running'",
        ("id", id.ToString()),
        ("error", error),
        ("at", at));

    private static long? Milliseconds(TimeSpan? span) => span is { } known ? (long)known.TotalMilliseconds : null;

    private static TimeSpan? Span(long? milliseconds) => milliseconds is { } known ? TimeSpan.FromMilliseconds(known) : null;

    private static (string, SqlValue)[] Columns(DrillRow row) =>
    [
        ("id", row.Id.ToString()),
        ("project_id", row.ProjectId.ToString()),
        ("organization_id", row.OrganizationId.ToString()),
        ("trigger", row.Trigger),
        ("state", row.State),
        ("seed", row.Seed),
        ("requested_time", row.RequestedTime),
        ("restore_time", row.RestoreTime),
        ("target_lsn", row.TargetLsn),
        ("base_backup_id", row.BaseBackupId?.ToString()),
        ("recovery_ms", Milliseconds(row.Recovery)),
        ("rto_ms", Milliseconds(row.Rto)),
        ("tables", row.Tables),
        ("rows", row.Rows),
        ("proof_backup_id", row.ProofBackupId?.ToString()),
        ("error", row.Error),
        ("job_id", row.JobId.ToString()),
        ("created_at", row.CreatedAt),
        ("completed_at", row.CompletedAt),
        ("updated_at", row.UpdatedAt),
    ];

    private static DrillRow Map(ResultRow row) => new()
    {
        Id = row.Id<DrillKind>("id"),
        ProjectId = row.Id<ProjectKind>("project_id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        Trigger = row.Text("trigger"),
        State = row.Text("state"),
        Seed = row.Integer("seed"),
        RequestedTime = row.TimeOrNull("requested_time"),
        RestoreTime = row.TimeOrNull("restore_time"),
        TargetLsn = row.TextOrNull("target_lsn"),
        BaseBackupId = row.IdOrNull<BaseBackupKind>("base_backup_id"),
        Recovery = Span(row.IntegerOrNull("recovery_ms")),
        Rto = Span(row.IntegerOrNull("rto_ms")),
        Tables = row.IntegerOrNull("tables"),
        Rows = row.IntegerOrNull("rows"),
        ProofBackupId = row.IdOrNull<BackupKind>("proof_backup_id"),
        Error = row.TextOrNull("error"),
        JobId = row.Id<JobKind>("job_id"),
        CreatedAt = row.Time("created_at"),
        CompletedAt = row.TimeOrNull("completed_at"),
        UpdatedAt = row.Time("updated_at"),
    };
}
