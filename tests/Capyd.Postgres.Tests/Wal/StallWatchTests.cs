using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Postgres.Tests.Wal;

public sealed class StallWatchTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void An_idle_server_is_no_stall_and_a_receiver_that_stands_still_is_one()
    {
        // Trap 18.
        var clock = new ManualClock();
        var watch = new StallWatch(Minute, clock);
        for (var i = 0; i < 100; i++)
        {
            clock.Advance(Minute);
            Assert.False(watch.Observe(At(100, server: 100)));
        }

        Assert.False(watch.Observe(At(100, server: 200)));
        clock.Advance(Minute / 2);
        Assert.False(watch.Observe(At(150, server: 300)));
        clock.Advance(Minute / 2);
        Assert.False(watch.Observe(At(150, server: 300)));
        clock.Advance(Minute / 2);
        Assert.True(watch.Observe(At(150, server: 300)));
    }

    [Theory]
    [InlineData("wal_level", "minimal", false)]
    [InlineData("wal_level", "logical", true)]
    [InlineData("max_wal_senders", "1", false)]
    [InlineData("max_wal_senders", "10", true)]
    [InlineData("max_replication_slots", "0", false)]
    [InlineData("full_page_writes", "off", false)]
    [InlineData("full_page_writes", "on", true)]
    public void A_server_that_cannot_stream_is_told_what_to_change(string setting, string value, bool good) =>
        Assert.Equal(good, WalPrerequisites.Judge(setting, value) is null);

    private static SlotState At(ulong flushed, ulong server) => new(new Lsn(1), false, 1, null, new Lsn(server), null) { WrittenLsn = new Lsn(flushed) };
}
