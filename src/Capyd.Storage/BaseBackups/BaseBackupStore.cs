using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.BaseBackups;

/// <summary>Base backups. Changes answer false when the row is missing or not in an expected state.</summary>
public static class BaseBackupStore
{
    public static void Insert(MetadataTransaction transaction, BaseBackupRow row) => transaction.Insert("base_backups", [.. Columns(row)]);

    public static BaseBackupRow? Find(MetadataSession session, BaseBackupId id) =>
        session.First("SELECT * FROM base_backups WHERE id = @id", Map, ("id", id.ToString()));

    public static BaseBackupRow? FindByName(MetadataSession session, string name) =>
        session.First("SELECT * FROM base_backups WHERE name = @name", Map, ("name", name));

    /// <summary>All but the deleted ones, newest first.</summary>
    public static IReadOnlyList<BaseBackupRow> List(MetadataSession session) =>
        session.Query("SELECT * FROM base_backups WHERE state <> 'deleted' ORDER BY created_at DESC, rowid DESC", Map);

    /// <summary>The completed ones of one server whose content was not found damaged, by the position where they end.</summary>
    public static IReadOnlyList<BaseBackupRow> ListUsable(MetadataSession session, string systemIdentifier) => session.Query(
        """
        SELECT * FROM base_backups
        WHERE system_identifier = @system AND state = 'completed' AND verification_state <> 'failed' ORDER BY completed_at, rowid
        """,
        Map,
        ("system", systemIdentifier));

    /// <summary>From running to completed, with everything that only the end of a backup knows.</summary>
    public static bool Complete(MetadataTransaction transaction, BaseBackupRow row) => transaction.ChangeOne(
        """
        UPDATE base_backups SET state = 'completed', system_identifier = @system, timeline = @timeline, start_lsn = @start, stop_lsn = @stop,
          stop_at = @stopAt, server_version = @version, reading = @reading, files = @files, logical_bytes = @logical, added_bytes = @added, completed_at = @completed,
          updated_at = @completed
        WHERE id = @id AND state = 'running'
        """,
        ("id", row.Id.ToString()),
        ("system", row.SystemIdentifier),
        ("timeline", row.Timeline),
        ("start", row.StartLsn),
        ("stop", row.StopLsn),
        ("stopAt", row.StopAt),
        ("version", row.ServerVersion),
        ("reading", row.Reading),
        ("files", row.Files),
        ("logical", row.LogicalBytes),
        ("added", row.AddedBytes),
        ("completed", row.CompletedAt));

    /// <summary>From running to failed.</summary>
    public static bool Fail(MetadataTransaction transaction, BaseBackupId id, string error, DateTimeOffset at) => transaction.ChangeOne(
        "UPDATE base_backups SET state = 'failed', error = @error, updated_at = @at WHERE id = @id AND state = 'running'",
        ("id", id.ToString()),
        ("error", error),
        ("at", at));

    public static bool SetState(MetadataTransaction transaction, BaseBackupId id, IReadOnlyList<string> expected, string state, DateTimeOffset at) =>
        transaction.ChangeState("base_backups", id.ToString(), expected, state, at);

    /// <param name="error">Wanted for failed, null otherwise.</param>
    public static bool SetVerification(MetadataTransaction transaction, BaseBackupId id, string state, string? error, DateTimeOffset at) => transaction.ChangeOne(
        """
        UPDATE base_backups SET verification_state = @state, verification_error = @error,
          verified_at = CASE WHEN @state = 'verified' THEN @at ELSE verified_at END, updated_at = @at
        WHERE id = @id
        """,
        ("id", id.ToString()),
        ("state", state),
        ("error", error),
        ("at", at));

    private static (string, SqlValue)[] Columns(BaseBackupRow row) =>
    [
        ("id", row.Id.ToString()),
        ("name", row.Name),
        ("system_identifier", row.SystemIdentifier),
        ("state", row.State),
        ("trigger", row.Trigger),
        ("label", row.Label),
        ("timeline", row.Timeline),
        ("start_lsn", row.StartLsn),
        ("stop_lsn", row.StopLsn),
        ("stop_at", row.StopAt),
        ("server_version", row.ServerVersion),
        ("reading", row.Reading),
        ("files", row.Files),
        ("logical_bytes", row.LogicalBytes),
        ("added_bytes", row.AddedBytes),
        ("verification_state", row.VerificationState),
        ("verification_error", row.VerificationError),
        ("verified_at", row.VerifiedAt),
        ("error", row.Error),
        ("job_id", row.JobId?.ToString()),
        ("created_at", row.CreatedAt),
        ("completed_at", row.CompletedAt),
        ("updated_at", row.UpdatedAt),
    ];

    private static BaseBackupRow Map(ResultRow row) => new()
    {
        Id = row.Id<BaseBackupKind>("id"),
        Name = row.Text("name"),
        SystemIdentifier = row.TextOrNull("system_identifier"),
        State = row.Text("state"),
        Trigger = row.Text("trigger"),
        Label = row.TextOrNull("label"),
        Timeline = row.Int32OrNull("timeline"),
        StartLsn = row.TextOrNull("start_lsn"),
        StopLsn = row.TextOrNull("stop_lsn"),
        StopAt = row.TimeOrNull("stop_at"),
        ServerVersion = row.Int32OrNull("server_version"),
        Reading = row.TextOrNull("reading"),
        Files = row.Integer("files"),
        LogicalBytes = row.Integer("logical_bytes"),
        AddedBytes = row.Integer("added_bytes"),
        VerificationState = row.Text("verification_state"),
        VerificationError = row.TextOrNull("verification_error"),
        VerifiedAt = row.TimeOrNull("verified_at"),
        Error = row.TextOrNull("error"),
        JobId = row.IdOrNull<JobKind>("job_id"),
        CreatedAt = row.Time("created_at"),
        CompletedAt = row.TimeOrNull("completed_at"),
        UpdatedAt = row.Time("updated_at"),
    };
}
