using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;
using Capyd.Storage.Wal;

namespace Capyd.Wal;

/// <summary>What is known of the transactions in a segment, as a row of the metadata and back.</summary>
internal static class WalIndex
{
    public static WalSegmentRow Row(WalLineage lineage, WalFileName file, SegmentCommits commits, (long StoredBytes, DateTimeOffset At) stored) => new()
    {
        SystemIdentifier = lineage.System.ToString(),
        Name = commits.Segment.ToString(),
        Timeline = (int)file.Timeline.Value,
        IsPartial = file.Kind == WalFileKind.Partial,
        StoredBytes = stored.StoredBytes,
        Commits = commits.Count,
        FirstCommit = commits.First is { } first ? Text(first) : null,
        LastCommit = commits.Last is { } last ? Text(last) : null,
        LatestEnd = commits.LatestEnd is { } latest ? Microseconds(latest) : null,
        RestorePoints = string.Join('\n', commits.RestorePoints.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.Lsn} {Microseconds(point.At)} {point.Name.ReplaceLineEndings(" ")}"))),
        ArchivedAt = stored.At,
    };

    public static SegmentCommits Read(WalSegmentRow row, WalSegmentSize size) => new(
        WalSegmentName.Parse(row.Name, size),
        row.Commits,
        row.FirstCommit is { } first ? End(first) : null,
        row.LastCommit is { } last ? End(last) : null,
        row.LatestEnd is { } latest ? Time(latest) : null,
        [.. row.RestorePoints.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Point)]);

    public static TransactionEnd End(string text)
    {
        var parts = text.Split(' ');
        return new TransactionEnd(Lsn.Parse(parts[0]), Time(Number(parts[1])), (uint)Number(parts[2]), Committed: true);
    }

    private static string Text(TransactionEnd end) => string.Create(CultureInfo.InvariantCulture, $"{end.Lsn} {Microseconds(end.At)} {end.Xid}");

    private static RestorePointMark Point(string line)
    {
        var parts = line.Split(' ', 3);
        return new RestorePointMark(parts[2], Lsn.Parse(parts[0]), Time(Number(parts[1])));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static long Microseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset Time(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
