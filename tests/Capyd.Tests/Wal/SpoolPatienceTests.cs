using Capyd.Cluster;
using Capyd.Configuration;
using Capyd.Wal;

namespace Capyd.Tests.Wal;

/// <summary>Segments wait while a database is built that somebody waits for, and only within limits.</summary>
public sealed class SpoolPatienceTests
{
    private static readonly DiskSpace Large = new(Free: 1L << 40, Total: 1L << 41);
    private readonly CapydOptions _options = new();
    private readonly BuildRush _rush = new();
    private readonly WalState _state = new(new CapydOptions()) { Disks = new WalDisks(Large, Large, Large, Shared: true) };
    private readonly HandClock _clock = new();
    private readonly SpoolPatience _patience;

    public SpoolPatienceTests() => _patience = new SpoolPatience(_rush, _state, _options, _clock);

    [Fact]
    public async Task Segments_wait_for_no_longer_than_the_build()
    {
        Assert.False(_patience.Waits(16 << 20));
        Assert.True(await _rush.DuringAsync(() => _rush.DuringAsync(() => Task.FromResult(_patience.Waits(16 << 20)))));
        Assert.False(_patience.Waits(16 << 20));
        await Assert.ThrowsAsync<IOException>(() => _rush.DuringAsync(Task<bool> () => throw new IOException("no space")));
        Assert.False(_patience.Waits(16 << 20));
    }

    [Fact]
    public Task A_long_build_lets_them_go_every_minute() => _rush.DuringAsync(() =>
    {
        var waits = new List<bool>();
        for (var i = 0; i < 5; i++)
        {
            waits.Add(_patience.Waits(16 << 20));
            _clock.Pass(SpoolPatience.Longest / 2);
        }

        Assert.Equal([true, true, false, true, true], waits);
        return Task.FromResult(0);
    });

    [Fact]
    public Task They_wait_neither_when_they_are_many_nor_where_there_is_little_room() => _rush.DuringAsync(() =>
    {
        Assert.False(_patience.Waits(SpoolPatience.MostBytes));
        _state.Pressure = WalPressure.Warning;
        Assert.False(_patience.Waits(16 << 20));
        _state.Pressure = WalPressure.None;
        _state.Disks = new WalDisks(Large, new DiskSpace(SpoolPatience.MostBytes, Large.Total), Large, Shared: false);
        Assert.False(_patience.Waits(16 << 20));
        _state.Disks = null;
        Assert.False(_patience.Waits(16 << 20));
        return Task.FromResult(0);
    });

    [Fact]
    public Task They_do_not_wait_while_somebody_waits_for_them() => _rush.DuringAsync(async () =>
    {
        await _state.HurryAsync(() =>
        {
            Assert.False(_patience.Waits(16 << 20));
            return Task.CompletedTask;
        });
        Assert.True(_patience.Waits(16 << 20));
        return 0;
    });

    [Fact]
    public Task They_do_not_wait_on_their_way_to_a_bucket() => _rush.DuringAsync(() =>
    {
        _options.S3.Bucket = "off-host";
        Assert.False(_patience.Waits(16 << 20));
        return Task.FromResult(0);
    });
}
