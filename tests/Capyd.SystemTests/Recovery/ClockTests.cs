namespace Capyd.SystemTests.Recovery;

/// <summary>The machine's clock was wrong by two hours and is set back: commits are not in the order of their times.</summary>
public sealed class ClockTests
{
    [SystemFact]
    public async Task A_clock_that_was_set_back_costs_no_commit_and_never_a_wrong_answer()
    {
        await using var followed = await FollowedServer.StartAsync();
        var server = followed.Server;
        var (project, url) = await followed.NewProjectAsync("Back in time");
        await ProjectCalls.FillAsync(url);
        var right = (At: await followed.NowAsync(), Content: await ProjectCalls.ContentAsync(url));

        await server.StopAsync();
        await server.StartAsync(("LD_PRELOAD", FakeTime), ("FAKETIME", "+2h"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"));
        await Tenant.ExecuteAsync(url, "INSERT INTO orders (customer, total) VALUES ('from the future', 1)");
        var future = (At: await followed.NowAsync(), Content: await ProjectCalls.ContentAsync(url));
        Assert.True(future.At > right.At.AddHours(1.5), "the server's clock runs ahead");
        await Tenant.ExecuteAsync(url, "UPDATE orders SET total = 0");

        await server.StopAsync();
        await server.StartAsync();
        await Tenant.ExecuteAsync(url, "INSERT INTO orders (customer, total) VALUES ('present again', 2)");
        var present = (At: await followed.NowAsync(), Content: await ProjectCalls.ContentAsync(url));
        await Tenant.ExecuteAsync(url, "DELETE FROM orders WHERE id < 50");
        var newest = await ProjectCalls.ContentAsync(url);
        await followed.ArchiveAsync();

        Assert.Equal(right.Content, await ProjectCalls.ContentAsync(await followed.RecoverAsync(project, right.At, "right")));
        Assert.Equal(future.Content, await ProjectCalls.ContentAsync(await followed.RecoverAsync(project, future.At, "future")));
        // As PostgreSQL has it, a moment ends at the first commit that is later: this one is before the wrong clock, not behind it.
        Assert.Contains(await ProjectCalls.ContentAsync(await followed.RecoverAsync(project, present.At, "present")), (string?[])[right.Content, present.Content]);
        var clamped = (await followed.AskAsync(project, future.At.AddHours(1), "newest")).Expect(202);
        Assert.True(clamped["pitr"]["restore_time_clamped"]!.GetValue<bool>());
        var job = await followed.Api.CompletedAsync(clamped.JobId);
        Assert.Equal(newest, await ProjectCalls.ContentAsync(await followed.Api.PreviewUrlAsync(job.Text("preview_database_id"))));

        await followed.NewBaseBackupAsync();
        var anew = (At: await followed.NowAsync(), Content: await ProjectCalls.ContentAsync(url));
        await Tenant.ExecuteAsync(url, "DELETE FROM notes");
        Assert.Equal(anew.Content, await ProjectCalls.ContentAsync(await followed.RecoverAsync(project, anew.At, "anew")));
    }

    private static string FakeTime { get; } = Directory.EnumerateFiles("/usr/lib", "libfaketime.so.1", SearchOption.AllDirectories).FirstOrDefault() ?? "";
}
