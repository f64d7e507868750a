using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Approvals;

public static class ApprovalStore
{
    public static void Insert(MetadataTransaction transaction, ApprovalRow row) => transaction.Insert(
        "approvals",
        ("id", row.Id.ToString()),
        ("project_id", row.ProjectId.ToString()),
        ("action", row.Action),
        ("token_hash", row.TokenHash),
        ("expires_at", row.ExpiresAt),
        ("consumed_at", row.ConsumedAt),
        ("job_id", row.JobId?.ToString()),
        ("created_at", row.CreatedAt));

    /// <summary>The approval of that token, also one that is used up or expired.</summary>
    public static ApprovalRow? FindByTokenHash(MetadataSession session, byte[] sha256) =>
        session.First("SELECT * FROM approvals WHERE token_hash = @hash", Map, ("hash", sha256));

    /// <returns>False when it is missing, used up or expired at <paramref name="at"/>.</returns>
    public static bool Consume(MetadataTransaction transaction, ApprovalId id, JobId job, DateTimeOffset at) =>
        transaction.ChangeOne(
            """
            UPDATE approvals SET consumed_at = @at, job_id = @job
            WHERE id = @id AND consumed_at IS NULL AND expires_at > @at
            """,
            ("id", id.ToString()),
            ("job", job.ToString()),
            ("at", at));

    private static ApprovalRow Map(ResultRow row) => new()
    {
        Id = row.Id<ApprovalKind>("id"),
        ProjectId = row.Id<ProjectKind>("project_id"),
        Action = row.Text("action"),
        TokenHash = row.Bytes("token_hash"),
        ExpiresAt = row.Time("expires_at"),
        ConsumedAt = row.TimeOrNull("consumed_at"),
        JobId = row.IdOrNull<JobKind>("job_id"),
        CreatedAt = row.Time("created_at"),
    };
}
