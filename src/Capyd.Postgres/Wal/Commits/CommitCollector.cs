namespace Capyd.Postgres.Wal.Commits;

/// <summary>Sums up the transactions of a segment.</summary>
internal sealed class CommitCollector(WalSegmentName segment)
{
    private readonly List<RestorePointMark> _restorePoints = [];
    private TransactionEnd? _first;
    private TransactionEnd? _last;
    private DateTimeOffset? _latest;
    private int _count;

    public void Add(TransactionEnd end)
    {
        _latest = _latest > end.At ? _latest : end.At;
        if (end.Committed)
        {
            _first ??= end;
            _last = end;
            _count++;
        }
    }

    public void Add(RestorePointMark? point)
    {
        if (point is not null)
        {
            _restorePoints.Add(point);
        }
    }

    public SegmentCommits Result() => new(segment, _count, _first, _last, _latest, [.. _restorePoints]);
}
