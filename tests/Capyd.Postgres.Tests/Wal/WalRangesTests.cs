using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Postgres.Tests.Wal;

public sealed class WalRangesTests
{
    private static readonly TimelineId One = new(1);
    private static readonly TimelineId Two = new(2);

    [Fact]
    public void Pieces_join_whatever_their_order_and_a_hole_stays_visible()
    {
        // Trap 15: contiguity is a property of the stream.
        var ranges = Add(WalRanges.Empty(new SystemIdentifier(7)), 5, 1, 2, 9, 2);

        Assert.Equal("7 1:0/1000000-0/3000000 1:0/5000000-0/6000000 1:0/9000000-0/A000000", ranges.ToString());
        Assert.Equal(["0/3000000-0/5000000", "0/6000000-0/9000000"], ranges.Gaps(One).Select(static g => g.ToString()));
        Assert.True(ranges.Contains(One, Lsn.Parse("0/1000028"), Lsn.Parse("0/3000000")));
        Assert.False(ranges.Contains(One, Lsn.Parse("0/1000028"), Lsn.Parse("0/5000001")));
        Assert.True(ranges.IsHole(Segment(3)));
        Assert.False(ranges.IsHole(Segment(10)));
        Assert.Empty(Add(ranges, 3, 4, 6, 7, 8).Gaps(One));
    }

    [Fact]
    public void What_is_written_down_reads_back_the_same()
    {
        var ranges = Add(WalRanges.Empty(new SystemIdentifier(7412345678901234567)), 1, 4).Add(Two, new WalRange(new Lsn(0x300), new Lsn(1UL << 40)));

        Assert.Equal(ranges.ToString(), WalRanges.Parse(ranges.ToString()).ToString());
        Assert.Equal("7", WalRanges.Parse("7").ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("x 1:0/1-0/2")]
    [InlineData("7 0:0/1-0/2")]
    [InlineData("7 1:0/2-0/1")]
    [InlineData("7 1:0/2")]
    public void Damaged_text_is_refused(string text) => Assert.Throws<FormatException>(() => WalRanges.Parse(text));

    [Fact]
    public void Retention_forgets_the_beginning_only()
    {
        var ranges = Add(WalRanges.Empty(new SystemIdentifier(7)), 1, 2, 3, 5).ForgetBefore(One, Segment(3).Start);

        Assert.Equal("7 1:0/3000000-0/4000000 1:0/5000000-0/6000000", ranges.ToString());
    }

    [Fact]
    public void Retention_forgets_a_piece_in_the_middle()
    {
        var ranges = Add(WalRanges.Empty(new SystemIdentifier(7)), 1, 2, 3, 4, 5).Forget(One, new WalRange(Segment(3).Start, Segment(4).End));

        Assert.Equal("7 1:0/1000000-0/3000000 1:0/5000000-0/6000000", ranges.ToString());
        Assert.True(ranges.IsHole(Segment(3)));
    }

    [Fact]
    public void A_chain_is_followed_across_timelines()
    {
        var history = TimelineHistory.Parse(Two, "1\t0/2000100\tno recovery target specified\n\n");
        var ranges = Add(WalRanges.Empty(new SystemIdentifier(7)), 1)
            .Add(Two, new WalRange(Segment(2).Start, Segment(4).End));

        Assert.Equal(One, history.TimelineAt(Lsn.Parse("0/20000FF")));
        Assert.Equal(Two, history.TimelineAt(Lsn.Parse("0/2000100")));
        Assert.True(history.Descends(One, Lsn.Parse("0/2000100")));
        Assert.False(history.Descends(One, Lsn.Parse("0/2000101")));
        Assert.False(ranges.Contains(history, Segment(1).Start, Segment(4).End));
        Assert.True(Add(ranges, 2).Contains(history, Segment(1).Start, Segment(4).End));
    }

    [Fact]
    public void Several_promotions_make_a_path()
    {
        var history = TimelineHistory.Parse(new TimelineId(5), "1 0/2000000 a b\n2\t0/3000000\tx\n4\t0/3000000\ty");

        Assert.Equal(
            ["1 0/1000000-0/2000000", "2 0/2000000-0/3000000", "5 0/3000000-0/9000000"],
            history.Path(Lsn.Parse("0/1000000"), Lsn.Parse("0/9000000")).Select(static p => $"{p.Timeline} {p.Range}"));
    }

    [Theory]
    [InlineData("1\n")]
    [InlineData("2\t0/3000000\tits own parent")]
    [InlineData("x\t0/3000000\t")]
    [InlineData("1\t3000000\t")]
    public void A_damaged_history_is_refused(string text) => Assert.Throws<FormatException>(() => TimelineHistory.Parse(Two, text));

    private static WalRanges Add(WalRanges ranges, params ulong[] numbers) =>
        numbers.Aggregate(ranges, static (all, number) => all.Add(Segment(number)));

    private static WalSegmentName Segment(ulong number) => new(One, number, WalSegmentSize.Default);
}
