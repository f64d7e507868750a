using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Postgres.Tests.Wal;

public sealed class WalNameTests
{
    [Theory]
    [InlineData("000000010000000000000001", 16, "0/1000000", "000000010000000000000002")]
    [InlineData("0000000A00000001000000FF", 16, "1/FF000000", "0000000A0000000200000000")]
    [InlineData("000000010000000000000FFF", 1, "0/FFF00000", "000000010000000100000000")]
    [InlineData("000000010000000500000003", 1024, "5/C0000000", "000000010000000600000000")]
    public void A_segment_knows_where_it_lies_and_what_comes_next(string text, int megabytes, string start, string next)
    {
        var segment = WalSegmentName.Parse(text, new WalSegmentSize(megabytes << 20));

        Assert.Equal(text, segment.ToString());
        Assert.Equal(Lsn.Parse(start), segment.Start);
        Assert.Equal(next, segment.Next.ToString());
        Assert.Equal(segment, segment.Next.Previous);
        Assert.Equal(segment, WalSegmentName.Containing(segment.Timeline, new Lsn(segment.End.Position - 1), segment.Size));
    }

    [Theory]
    [InlineData("000000010000000000000001", WalFileKind.Segment)]
    [InlineData("000000010000000000000001.partial", WalFileKind.Partial)]
    [InlineData("000000010000000000000001.00000028.backup", WalFileKind.BackupHistory)]
    [InlineData("00000002.history", WalFileKind.TimelineHistory)]
    public void Every_kind_of_file_is_known_by_its_name(string text, WalFileKind kind)
    {
        var name = WalFileName.Parse(text, WalSegmentSize.Default);

        Assert.Equal((kind, text), (name.Kind, name.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000001000000000000000")]
    [InlineData("000000000000000000000001")]
    [InlineData("000000010000000000000100")]
    [InlineData("00000001000000000000000a")]
    [InlineData("000000010000000000000001\n")]
    [InlineData("000000010000000000000001.partial.zst")]
    [InlineData("../000000010000000000000001")]
    [InlineData("00000000.history")]
    [InlineData("RECOVERYXLOG")]
    public void Nothing_else_is_let_in(string text) => Assert.Throws<FormatException>(() => WalFileName.Parse(text, WalSegmentSize.Default));

    [Theory]
    [InlineData(0)]
    [InlineData(3 << 20)]
    [InlineData(1 << 19)]
    public void No_cluster_has_segments_of_other_sizes(int bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new WalSegmentSize(bytes));
}
