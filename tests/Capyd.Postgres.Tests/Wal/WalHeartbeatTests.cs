using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Postgres.Tests.Wal;

public sealed class WalHeartbeatTests(WalServer server) : IClassFixture<WalServer>
{
    [Fact]
    public async Task A_heartbeat_follows_every_change_and_an_idle_server_has_none()
    {
        // Traps 13 and 42.
        var heartbeat = new WalHeartbeat(server.Cluster);
        await server.ExecuteAsync("CREATE TABLE public.h (i int) WITH (autovacuum_enabled = off)");

        Assert.True(await heartbeat.BeatAsync(CancellationToken.None));
        await server.ExecuteAsync("CHECKPOINT");
        Assert.False(await heartbeat.BeatAsync(CancellationToken.None));

        await using var session = await server.Cluster.OpenAsync(null, "test", CancellationToken.None);
        await session.ExecuteAsync("BEGIN", CancellationToken.None);
        await session.ExecuteAsync("INSERT INTO public.h VALUES (1)", CancellationToken.None);
        Assert.False(await heartbeat.BeatAsync(CancellationToken.None));
        await server.ExecuteAsync("INSERT INTO public.h VALUES (2)");
        Assert.True(await heartbeat.BeatAsync(CancellationToken.None));
        Assert.False(await heartbeat.BeatAsync(CancellationToken.None));
        await session.ExecuteAsync("COMMIT", CancellationToken.None);
        Assert.True(await heartbeat.BeatAsync(CancellationToken.None));
        Assert.False(await heartbeat.BeatAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("20:20:", 20, "21:21:", true)]
    [InlineData("18:20:18", 21, "18:22:18,20", true)]
    [InlineData("18:20:18", 21, "20:22:20", false)]
    [InlineData("18:20:18", 21, "18:22:18", false)]
    [InlineData("20:20:", 20, "23:23:", false)]
    public void What_ends_beside_the_heartbeat_asks_for_another(string during, long ours, string after, bool settled) =>
        Assert.Equal(settled, WalHeartbeat.NothingElseEnded(during, ours, after));

    [Fact]
    public async Task A_segment_ends_behind_what_was_marked_in_it()
    {
        var mark = await new WalMarks(server.Cluster).WriteAsync("it's here", CancellationToken.None);

        Assert.True(await WalSwitch.SwitchAsync(server.Cluster, CancellationToken.None) >= mark.Position);
    }
}
