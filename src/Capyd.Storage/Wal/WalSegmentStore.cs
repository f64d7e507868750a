using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Wal;

/// <summary>The segments in the repository. Their names sort by timeline and position.</summary>
public static class WalSegmentStore
{
    /// <summary>Adds a segment; one that is there already stays as it is.</summary>
    public static void Add(MetadataTransaction transaction, WalSegmentRow row) => transaction.Execute(
        """
        INSERT OR IGNORE INTO wal_segments (
          system_identifier, name, timeline, is_partial, stored_bytes, commits, first_commit, last_commit, latest_end, restore_points, archived_at)
        VALUES (@system, @name, @timeline, @partial, @bytes, @commits, @first, @last, @latest, @points, @archived)
        """,
        ("system", row.SystemIdentifier),
        ("name", row.Name),
        ("timeline", row.Timeline),
        ("partial", row.IsPartial),
        ("bytes", row.StoredBytes),
        ("commits", row.Commits),
        ("first", row.FirstCommit),
        ("last", row.LastCommit),
        ("latest", row.LatestEnd),
        ("points", row.RestorePoints),
        ("archived", row.ArchivedAt));

    /// <summary>In the order of the log, both ends included.</summary>
    public static IReadOnlyList<WalSegmentRow> List(MetadataSession session, string systemIdentifier, string from, string to) => session.Query(
        "SELECT * FROM wal_segments WHERE system_identifier = @system AND name BETWEEN @from AND @to ORDER BY name, is_partial DESC",
        Map,
        ("system", systemIdentifier),
        ("from", from),
        ("to", to));

    /// <summary>The last one of a timeline that is whole.</summary>
    public static WalSegmentRow? Newest(MetadataSession session, string systemIdentifier, int timeline) => session.First(
        "SELECT * FROM wal_segments WHERE system_identifier = @system AND timeline = @timeline AND is_partial = 0 ORDER BY name DESC LIMIT 1",
        Map,
        ("system", systemIdentifier),
        ("timeline", timeline));

    /// <summary>The last one with a commit in it, by timeline and position.</summary>
    public static WalSegmentRow? NewestWithCommits(MetadataSession session, string systemIdentifier) => session.First(
        "SELECT * FROM wal_segments WHERE system_identifier = @system AND commits > 0 ORDER BY name DESC, is_partial LIMIT 1",
        Map,
        ("system", systemIdentifier));

    /// <summary>The names of all, partial ones with ".partial" behind.</summary>
    public static IReadOnlyList<string> ListNames(MetadataSession session, string systemIdentifier) => session.Query(
        "SELECT name || CASE is_partial WHEN 1 THEN '.partial' ELSE '' END AS file FROM wal_segments WHERE system_identifier = @system ORDER BY 1",
        static row => row.Text("file"),
        ("system", systemIdentifier));

    /// <summary>Replaces what was known of an unfinished segment that has grown since.</summary>
    public static void ReplacePartial(MetadataTransaction transaction, WalSegmentRow row)
    {
        transaction.Execute(
            "DELETE FROM wal_segments WHERE system_identifier = @system AND name = @name AND is_partial = 1",
            ("system", row.SystemIdentifier),
            ("name", row.Name));
        Add(transaction, row);
    }

    /// <summary>Those before a segment of one timeline, oldest first: what retention may remove.</summary>
    public static IReadOnlyList<WalSegmentRow> ListBefore(MetadataSession session, string systemIdentifier, int timeline, string name) => session.Query(
        "SELECT * FROM wal_segments WHERE system_identifier = @system AND timeline = @timeline AND name < @name ORDER BY name",
        Map,
        ("system", systemIdentifier),
        ("timeline", timeline),
        ("name", name));

    public static void Delete(MetadataTransaction transaction, string systemIdentifier, string name, bool isPartial) => transaction.Execute(
        "DELETE FROM wal_segments WHERE system_identifier = @system AND name = @name AND is_partial = @partial",
        ("system", systemIdentifier),
        ("name", name),
        ("partial", isPartial));

    /// <summary>The timelines of which something is kept.</summary>
    public static IReadOnlyList<int> Timelines(MetadataSession session, string systemIdentifier) => session.Query(
        "SELECT DISTINCT timeline FROM wal_segments WHERE system_identifier = @system ORDER BY timeline",
        static row => row.Int32("timeline"),
        ("system", systemIdentifier));

    /// <summary>How many there are, and how many bytes they take.</summary>
    public static (long Segments, long StoredBytes) Totals(MetadataSession session) => session.First(
        "SELECT count(*) AS segments, coalesce(sum(stored_bytes), 0) AS bytes FROM wal_segments",
        static row => (row.Integer("segments"), row.Integer("bytes")));

    private static WalSegmentRow Map(ResultRow row) => new()
    {
        SystemIdentifier = row.Text("system_identifier"),
        Name = row.Text("name"),
        Timeline = row.Int32("timeline"),
        IsPartial = row.Flag("is_partial"),
        StoredBytes = row.Integer("stored_bytes"),
        Commits = row.Int32("commits"),
        FirstCommit = row.TextOrNull("first_commit"),
        LastCommit = row.TextOrNull("last_commit"),
        LatestEnd = row.IntegerOrNull("latest_end"),
        RestorePoints = row.Text("restore_points"),
        ArchivedAt = row.Time("archived_at"),
    };
}
