using Capyd.Drills;
using Capyd.Postgres.Cluster;
using Capyd.Recovery;

namespace Capyd.Tests.Drills;

public sealed class DrillTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Moments_are_drawn_from_what_can_be_recovered_alone_and_from_all_of_it()
    {
        var window = Window((0, 60), (120, 180));
        var drawn = Enumerable.Range(0, 2000).Select(seed => DrillMoments.Draw(window, new Random(seed))).ToList();

        Assert.All(drawn, at => Assert.True(window.Contains(at), $"{at:O} cannot be recovered"));
        Assert.InRange(drawn.Count(at => at < Noon.AddMinutes(90)), 800, 1200);
        Assert.InRange(drawn.Count(at => at < Noon.AddMinutes(15)), 200, 300);
    }

    [Fact]
    public void The_same_seed_draws_the_same_moment()
    {
        var window = Window((0, 60));
        Assert.Equal(DrillMoments.Draw(window, new Random(7)), DrillMoments.Draw(window, new Random(7)));
    }

    [Fact]
    public void A_window_of_one_moment_is_that_moment()
    {
        var at = Noon.AddTicks(10);
        var window = Window((0, 0)) with { Spans = [new RecoverySpan(at, at, new Lsn(1), new Lsn(2), null)] };
        Assert.Equal(at, DrillMoments.Draw(window, new Random(1)));
    }

    [Fact]
    public void Moments_are_rounded_to_milliseconds()
    {
        Assert.Equal(Noon, Milliseconds.Down(Noon.AddTicks(9_999)));
        Assert.Equal(Noon.AddMilliseconds(1), Milliseconds.Up(Noon.AddTicks(1)));
        Assert.Equal(Noon, Milliseconds.Up(Noon));
    }

    private static RecoveryWindow Window(params (int From, int To)[] minutes)
    {
        var spans = minutes.Select(pair => new RecoverySpan(Noon.AddMinutes(pair.From), Noon.AddMinutes(pair.To), new Lsn(1), new Lsn(2), null)).ToList();
        return new RecoveryWindow(spans[0].From, spans[^1].To, spans, null, 1, null);
    }
}
