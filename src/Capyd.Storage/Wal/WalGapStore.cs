using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Wal;

/// <summary>Gaps. A gap is healed by a base backup that began after it, and stays on record.</summary>
public static class WalGapStore
{
    public static void Insert(MetadataTransaction transaction, WalGapRow row) => transaction.Insert(
        "wal_gaps",
        ("id", row.Id.ToString()),
        ("system_identifier", row.SystemIdentifier),
        ("timeline", row.Timeline),
        ("from_lsn", row.FromLsn),
        ("to_lsn", row.ToLsn),
        ("reason", row.Reason),
        ("healed_by", row.HealedBy?.ToString()),
        ("recorded_at", row.RecordedAt),
        ("healed_at", row.HealedAt));

    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<WalGapRow> List(MetadataSession session, string systemIdentifier) => session.Query(
        "SELECT * FROM wal_gaps WHERE system_identifier = @system ORDER BY recorded_at, rowid", Map, ("system", systemIdentifier));

    /// <summary>Those after which there is no base backup yet, oldest first.</summary>
    public static IReadOnlyList<WalGapRow> ListOpen(MetadataSession session) =>
        session.Query("SELECT * FROM wal_gaps WHERE healed_at IS NULL ORDER BY recorded_at, rowid", Map);

    /// <summary>The one whose end is not known, because no WAL arrived since.</summary>
    public static WalGapRow? FindUnfinished(MetadataSession session, string systemIdentifier) => session.First(
        "SELECT * FROM wal_gaps WHERE system_identifier = @system AND to_lsn IS NULL AND healed_at IS NULL ORDER BY recorded_at DESC, rowid DESC LIMIT 1",
        Map,
        ("system", systemIdentifier));

    /// <summary>Says where an unfinished gap ends.</summary>
    public static bool End(MetadataTransaction transaction, WalGapId id, string toLsn) => transaction.ChangeOne(
        "UPDATE wal_gaps SET to_lsn = @to WHERE id = @id AND to_lsn IS NULL", ("id", id.ToString()), ("to", toLsn));

    public static bool Heal(MetadataTransaction transaction, WalGapId id, BaseBackupId by, DateTimeOffset at) => transaction.ChangeOne(
        "UPDATE wal_gaps SET healed_by = @by, healed_at = @at WHERE id = @id AND healed_at IS NULL",
        ("id", id.ToString()),
        ("by", by.ToString()),
        ("at", at));

    private static WalGapRow Map(ResultRow row) => new()
    {
        Id = row.Id<WalGapKind>("id"),
        SystemIdentifier = row.Text("system_identifier"),
        Timeline = row.Int32("timeline"),
        FromLsn = row.Text("from_lsn"),
        ToLsn = row.TextOrNull("to_lsn"),
        Reason = row.Text("reason"),
        HealedBy = row.IdOrNull<BaseBackupKind>("healed_by"),
        RecordedAt = row.Time("recorded_at"),
        HealedAt = row.TimeOrNull("healed_at"),
    };
}
