using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;
using Capyd.Recovery;

using BaseBackupId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.BaseBackupKind>;

namespace Capyd.Tests.Recovery;

/// <summary>Kept WAL as a list of commits on timelines; a segment is a mebibyte.</summary>
internal sealed class KeptWalInMemory : IKeptWal
{
    public const int Segment = 1 << 20;
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly WalLineage Server = new(new SystemIdentifier(7), 15, new WalSegmentSize(Segment));
    private readonly List<(TimelineId Timeline, TransactionEnd End)> _commits = [];
    private readonly Dictionary<TimelineId, TimelineHistory> _histories = new() { [new TimelineId(1)] = TimelineHistory.Root(new TimelineId(1)) };
    private readonly List<RecoveryBase> _bases = [];
    private readonly List<KeptGap> _gaps = [];
    private readonly List<WalSegmentName> _spooled = [];
    private WalRanges _ranges = WalRanges.Empty(Server.System);

    public WalLineage? Lineage => Server;
    public string? Problem => null;
    public TimelineId? Timeline { get; set; } = new(1);
    public bool IsStreamed { get; set; } = true;
    public TransactionEnd? LastCommit => IsStreamed && _commits is [.., var last] ? last.End : null;
    public TimeSpan? Exposure => TimeSpan.Zero;
    public DateTimeOffset? KnownUntil { get; set; }
    public List<RestorePointMark> Marks { get; } = [];

    /// <param name="at">In half segments: 3 is the middle of the second.</param>
    public static Lsn Lsn(double at) => new((ulong)(at * Segment / 2));

    public static DateTimeOffset At(double minute) => Noon.AddMinutes(minute);

    public void Base(double start, double stop, double minute, uint timeline = 1) =>
        _bases.Add(new RecoveryBase(BaseBackupId.New(), "base", new TimelineId(timeline), Lsn(start), Lsn(stop), At(minute)));

    public void Commit(double at, double minute, uint timeline = 1) =>
        _commits.Add((new TimelineId(timeline), new TransactionEnd(Lsn(at), At(minute), (uint)_commits.Count + 700, true)));

    /// <param name="from">In segments.</param>
    public void Keep(int from, int to, uint timeline = 1) =>
        _ranges = _ranges.Add(new TimelineId(timeline), new WalRange(Lsn(2 * from), Lsn(2 * to)));

    /// <param name="number">Of the segment that grows, or is not archived yet.</param>
    public void Spool(int number, uint timeline = 1) => _spooled.Add(new WalSegmentName(new TimelineId(timeline), (ulong)number, Server.SegmentSize));

    public void Gap(double from, string reason, uint timeline = 1) => _gaps.Add(new KeptGap(new TimelineId(timeline), Lsn(from), null, reason, Noon));

    public void Promote(uint timeline, uint parent, double at) =>
        _histories[new TimelineId(timeline)] = TimelineHistory.Parse(new TimelineId(timeline), $"{parent}\t{Lsn(at)}\tpromoted");

    public BaseBackupId BaseId(int number) => _bases[number].Id;

    public WalRanges Ranges(WalLineage lineage) => _ranges;

    public IReadOnlyList<RecoveryBase> Bases(WalLineage lineage) => _bases;

    public IReadOnlyList<KeptGap> Gaps(WalLineage lineage) => _gaps;

    public Task<TimelineHistory> HistoryAsync(WalLineage lineage, TimelineId timeline, CancellationToken cancellation) => Task.FromResult(_histories[timeline]);

    public IReadOnlyList<SegmentCommits> Commits(WalLineage lineage, TimelineHistory history, Lsn from, Lsn to)
    {
        var found = new List<SegmentCommits>();
        for (var number = from.Position / Segment; number * Segment < to.Position; number++)
        {
            var segment = new WalSegmentName(Reading(history, number), number, Server.SegmentSize);
            if (_ranges.Contains(segment.Timeline, segment.Start, segment.End))
            {
                found.Add(Read(segment));
            }
        }

        return found;
    }

    public Task<KeptTail?> ReadAsync(WalLineage lineage, WalSegmentName segment, WalSegmentName? before, CancellationToken cancellation) =>
        Task.FromResult(_spooled.Contains(segment) ? new KeptTail(Read(segment), Read(segment).Last?.Lsn ?? segment.Start, false) : null);

    public Task<CommitNeighbours> AroundAsync(
        WalLineage lineage, IReadOnlyList<SegmentCommits> segments, DateTimeOffset at, WalSegmentName? growing, CancellationToken cancellation)
    {
        var ends = segments.SelectMany(s => In(s.Segment)).ToList();
        var later = ends.FindIndex(end => end.At > at);
        return Task.FromResult(new CommitNeighbours(
            later < 0 ? ends.Select(e => (TransactionEnd?)e).LastOrDefault() : later > 0 ? ends[later - 1] : null, later < 0 ? null : ends[later], later >= 0));
    }

    public Task<TransactionEnd?> FirstCommitAsync(WalLineage lineage, WalSegmentName segment, Lsn from, CancellationToken cancellation) =>
        Task.FromResult(In(segment).Where(end => end.Lsn >= from).Select(end => (TransactionEnd?)end).FirstOrDefault());

    public Task<DateTimeOffset?> CatchUpAsync(DateTimeOffset wanted, CancellationToken cancellation) => Task.FromResult(KnownUntil);

    /// <summary>The segment in which a timeline was left is read from the next one.</summary>
    private static TimelineId Reading(TimelineHistory history, ulong number) => history.TimelineAt(new Lsn(((number + 1) * Segment) - 1));

    private SegmentCommits Read(WalSegmentName segment)
    {
        var ends = In(segment).ToList();
        return new SegmentCommits(
            segment, ends.Count, ends.Count > 0 ? ends[0] : null, ends.Count > 0 ? ends[^1] : null, ends.Count > 0 ? ends.Max(e => e.At) : null,
            [.. Marks.Where(mark => mark.Lsn >= segment.Start && mark.Lsn < segment.End)]);
    }

    /// <summary>A timeline's segment holds what its parents wrote into it, too.</summary>
    private List<TransactionEnd> In(WalSegmentName segment) => [.. _commits
        .Where(c => c.End.Lsn >= segment.Start && c.End.Lsn < segment.End && _histories[segment.Timeline].TimelineAt(c.End.Lsn) == c.Timeline)
        .Select(c => c.End).OrderBy(end => end.Lsn)];
}
