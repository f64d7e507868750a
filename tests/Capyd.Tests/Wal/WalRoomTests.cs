using Capyd.Wal;

namespace Capyd.Tests.Wal;

public sealed class WalRoomTests
{
    private const long Mebibyte = 1L << 20;

    [Theory]
    [InlineData(5000, 10, 0, 0, false, nameof(WalPressure.None))]
    [InlineData(5000, 500, 0, 0, false, nameof(WalPressure.None))]
    [InlineData(2000, 1100, 0, 0, false, nameof(WalPressure.Warning))]
    [InlineData(5000, 500, 2, 2, false, nameof(WalPressure.Warning))]
    [InlineData(1200, 1000, 0, 0, false, nameof(WalPressure.Urgent))]
    [InlineData(5000, 500, 10, 10, false, nameof(WalPressure.Urgent))]
    [InlineData(1000, 500, 0, 0, false, nameof(WalPressure.GivenUp))]
    [InlineData(1500, 500, 200, 200, false, nameof(WalPressure.GivenUp))]
    public void The_nearer_the_floor_the_higher_the_pressure(int free, int kept, int growth, int written, bool shared, string expected) =>
        Assert.Equal(expected, Room(free, kept, growth, written, shared).Pressure.ToString());

    [Fact]
    public void A_disk_that_others_filled_is_no_reason_to_give_the_slot_up()
    {
        Assert.Equal(WalPressure.None, Room(free: 100, kept: 16, growth: 0, written: 50, shared: false).Pressure);
        Assert.Equal(WalPressure.GivenUp, Room(free: 100, kept: 16, growth: 0, written: 50, shared: true).Pressure);
    }

    [Fact]
    public void The_floor_is_a_twentieth_of_the_disk_within_bounds()
    {
        Assert.Equal(64 * Mebibyte, WalRoom.FloorOf(0, 100 * Mebibyte));
        Assert.Equal(1024 * Mebibyte, WalRoom.FloorOf(0, 20480 * Mebibyte));
        Assert.Equal(2048 * Mebibyte, WalRoom.FloorOf(0, 1L << 42));
        Assert.Equal(7, WalRoom.FloorOf(7, 1L << 42));
    }

    private static WalRoom Room(int free, int kept, int growth, int written, bool shared) =>
        new(free * Mebibyte, 1000 * Mebibyte, kept * Mebibyte, growth * (double)Mebibyte, written * (double)Mebibyte, shared);
}
