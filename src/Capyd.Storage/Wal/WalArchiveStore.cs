using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Wal;

/// <summary>The archives of write-ahead log, one for each server that was ever followed.</summary>
public static class WalArchiveStore
{
    public static WalArchiveRow? Find(MetadataSession session, string systemIdentifier) =>
        session.First("SELECT * FROM wal_archives WHERE system_identifier = @system", Map, ("system", systemIdentifier));

    /// <summary>The one that was added to last first.</summary>
    public static IReadOnlyList<WalArchiveRow> List(MetadataSession session) =>
        session.Query("SELECT * FROM wal_archives ORDER BY updated_at DESC, system_identifier", Map);

    /// <summary>Makes the row, or moves its timeline, ranges and time of change on.</summary>
    public static void Put(MetadataTransaction transaction, WalArchiveRow row) => transaction.Execute(
        """
        INSERT INTO wal_archives (system_identifier, major, segment_bytes, timeline, ranges, created_at, updated_at)
        VALUES (@system, @major, @segment, @timeline, @ranges, @created, @updated)
        ON CONFLICT (system_identifier) DO UPDATE SET timeline = excluded.timeline, ranges = excluded.ranges, updated_at = excluded.updated_at
        """,
        ("system", row.SystemIdentifier),
        ("major", row.Major),
        ("segment", row.SegmentBytes),
        ("timeline", row.Timeline),
        ("ranges", row.Ranges),
        ("created", row.CreatedAt),
        ("updated", row.UpdatedAt));

    private static WalArchiveRow Map(ResultRow row) => new()
    {
        SystemIdentifier = row.Text("system_identifier"),
        Major = row.Int32("major"),
        SegmentBytes = row.Int32("segment_bytes"),
        Timeline = row.Int32("timeline"),
        Ranges = row.Text("ranges"),
        CreatedAt = row.Time("created_at"),
        UpdatedAt = row.Time("updated_at"),
    };
}
