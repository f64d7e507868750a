using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Backups;

/// <summary>How many dumps there are of each state and proof, and what they take.</summary>
public sealed record BackupTotals(string State, string VerificationState, long Backups, long Bytes)
{
    public static IReadOnlyList<BackupTotals> List(MetadataSession session) => session.Query(
        """
        SELECT state, verification_state, count(*) AS backups, sum(size_bytes) AS bytes
        FROM backups GROUP BY state, verification_state ORDER BY state, verification_state
        """,
        static row => new BackupTotals(row.Text("state"), row.Text("verification_state"), row.Integer("backups"), row.Integer("bytes")));

    /// <summary>When each project's newest proven dump that is still there was begun.</summary>
    public static IReadOnlyDictionary<ProjectId, DateTimeOffset> NewestVerified(MetadataSession session) => session.Query(
        """
        SELECT project_id, max(created_at) AS newest FROM backups
        WHERE state = 'completed' AND verification_state = 'verified' GROUP BY project_id
        """,
        static row => (Project: row.Id<ProjectKind>("project_id"), At: row.Time("newest")))
        .ToDictionary(static newest => newest.Project, static newest => newest.At);
}
