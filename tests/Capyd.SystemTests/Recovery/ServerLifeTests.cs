namespace Capyd.SystemTests.Recovery;

/// <summary>What befalls the server costs no moment before it, and none after it.</summary>
public sealed class ServerLifeTests
{
    [SystemFact]
    public async Task A_crash_under_load_leaves_both_sides_of_it_recoverable()
    {
        await using var followed = await FollowedServer.StartAsync();
        await AssertBothSidesAsync(followed, async () =>
        {
            await followed.Server.StopAtOnceAsync();
            await followed.Server.StartAsync();
        });
        Assert.Empty(await followed.RowsAsync("SELECT name FROM wal_segments WHERE timeline <> 1"));
    }

    [SystemFact]
    public async Task A_promotion_to_a_new_timeline_leaves_both_sides_of_it_recoverable()
    {
        await using var followed = await FollowedServer.StartAsync();
        await AssertBothSidesAsync(followed, followed.Server.PromoteAsync);
        Assert.Equal("2", (await followed.RowsAsync("SELECT timeline FROM wal_archives")).Single());
    }

    [SystemFact]
    public async Task Two_promotions_in_a_row_are_followed_through()
    {
        await using var followed = await FollowedServer.StartAsync();
        await AssertBothSidesAsync(followed, async () =>
        {
            await followed.Server.PromoteAsync();
            await followed.Server.PromoteAsync();
        });
    }

    private static async Task AssertBothSidesAsync(FollowedServer followed, Func<Task> befall)
    {
        var (project, url) = await followed.NewProjectAsync("Befallen");
        await using var ticks = await TickWriter.StartAsync(url);
        await ticks.ConfirmAsync(200);
        var before = await followed.NowAsync();
        await ticks.ConfirmAsync(200);
        await befall();
        await ticks.ConfirmAsync(200);
        var after = await followed.NowAsync();
        await ticks.ConfirmAsync(50);
        await ticks.StopAsync();

        await ticks.AssertStateAtAsync(await followed.RecoverAsync(project, after, "after"), after);
        await ticks.AssertStateAtAsync(await followed.RecoverAsync(project, before, "before"), before);
        Assert.Empty(await followed.RowsAsync("SELECT id FROM wal_gaps"));
    }
}
