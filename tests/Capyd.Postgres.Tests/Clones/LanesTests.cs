using Capyd.Postgres.Clones;

namespace Capyd.Postgres.Tests.Clones;

public sealed class LanesTests
{
    private readonly List<string> _begun = [];

    [Fact]
    public async Task The_heaviest_goes_first_and_what_follows_it_before_lighter_work()
    {
        var follower = Work("follower of 9", 9);
        await new Lanes(1).RunAsync([Work("3", 3), Work("9", 9, follower), Work("5", 5)], CancellationToken.None);
        Assert.Equal(["9", "follower of 9", "5", "3"], _begun);
    }

    [Fact]
    public async Task No_lane_does_two_things_at_a_time()
    {
        var busy = new int[2];
        var works = Enumerable.Range(0, 20).Select(n => new LaneWork(n, async (lane, token) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref busy[lane]));
            await Task.Yield();
            token.ThrowIfCancellationRequested();
            Interlocked.Decrement(ref busy[lane]);
        }, []));
        await new Lanes(2).RunAsync(works, CancellationToken.None);
        Assert.Equal([0, 0], busy);
    }

    [Fact]
    public async Task A_failure_ends_the_others_and_is_what_the_caller_sees()
    {
        var waiting = new LaneWork(2, (_, token) => Task.Delay(Timeout.Infinite, token), []);
        var failing = new LaneWork(1, (_, _) => throw new IOException("no space"), [Work("never", 9)]);
        var error = await Assert.ThrowsAsync<IOException>(() => new Lanes(2).RunAsync([waiting, failing], CancellationToken.None));
        Assert.Equal("no space", error.Message);
        Assert.Empty(_begun);
    }

    private LaneWork Work(string name, long weight, params LaneWork[] then) => new(weight, (_, _) =>
    {
        _begun.Add(name);
        return Task.CompletedTask;
    }, then);
}
