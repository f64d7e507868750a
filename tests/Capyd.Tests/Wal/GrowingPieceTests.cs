using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.Repository;
using Capyd.Wal;

namespace Capyd.Tests.Wal;

public sealed class GrowingPieceTests
{
    private static readonly WalSegmentName Segment = WalSegmentName.Parse("000000010000000000000003", new WalSegmentSize(16 << 20));
    private static readonly SystemIdentifier Server = SystemIdentifier.Parse("7710668586897818633");

    [Fact]
    public void A_name_says_which_bytes_of_which_segment_it_is()
    {
        var piece = Of(0x10, 0x2000);

        var name = piece.NameOf(Server);

        Assert.Equal("growing/7710668586897818633/000000010000000000000003/00000010-00002000.zst", name.ToString());
        Assert.Equal(piece, GrowingPiece.Parse(name, Segment.Size));
        Assert.Equal(Server, GrowingPiece.SystemOf(name));
    }

    [Theory]
    [InlineData("wal/7710668586897818633/000000010000000000000003/00000010-00002000.zst")]
    [InlineData("growing/7710668586897818633/000000010000000000000003/00002000-00000010.zst")]
    [InlineData("growing/7710668586897818633/000000010000000000000003/10-2000.zst")]
    [InlineData("growing/7710668586897818633/00000001.history/00000010-00002000.zst")]
    [InlineData("growing/7710668586897818633/000000010000000000000003/00000010-00002000")]
    public void Other_names_are_no_pieces(string name) => Assert.Null(GrowingPiece.Parse(ObjectName.Parse(name), Segment.Size));

    [Fact]
    public void The_pieces_are_chosen_that_reach_farthest_and_what_comes_after_a_hole_does_not_count() =>
        Assert.Equal([Of(0, 100), Of(80, 300), Of(300, 350)], GrowingPiece.Chain([Of(300, 350), Of(0, 50), Of(50, 90), Of(80, 300), Of(0, 100), Of(400, 500)]));

    [Fact]
    public void Without_the_beginning_there_is_nothing() => Assert.Empty(GrowingPiece.Chain([Of(1, 100)]));

    private static GrowingPiece Of(long from, long to) => new(Segment, from, to);
}
