namespace Capyd.SystemTests.Recovery;

/// <summary>WAL that rotted in the repository: no recovery passes it, and none ends early and looks like a success.</summary>
public sealed class DamagedSegmentTests
{
    [SystemTheory]
    [InlineData("flipped")]
    [InlineData("cut short")]
    [InlineData("removed")]
    public async Task A_damaged_segment_on_the_way_refuses_the_recovery_by_name_and_earlier_moments_stay(string damage)
    {
        await using var followed = await FollowedServer.StartAsync();
        var (project, url) = await followed.NewProjectAsync("Rotten");
        await ProjectCalls.FillAsync(url);
        var early = (At: await followed.NowAsync(), Content: await ProjectCalls.ContentAsync(url));
        await ChangeAndArchiveAsync(followed, url);
        var rotten = await ChangeAndArchiveAsync(followed, url);
        await ChangeAndArchiveAsync(followed, url);
        var late = await followed.NowAsync();
        await ChangeAndArchiveAsync(followed, url);
        await ChangeAndArchiveAsync(followed, url);
        Damage(rotten, damage);

        var refusal = await RefusalAsync(followed, project, late);
        Assert.Contains(Path.GetFileNameWithoutExtension(rotten), refusal, StringComparison.Ordinal);
        Assert.Empty(await followed.Server.Superuser.ListAsync("postgres", @"SELECT datname FROM pg_database WHERE datname LIKE 'capyd\_build\_%'"));
        Assert.Equal(early.Content, await ProjectCalls.ContentAsync(await followed.RecoverAsync(project, early.At, "early")));

        await followed.NewBaseBackupAsync();
        await Tenant.ExecuteAsync(url, "DELETE FROM notes");
        var healed = (At: await followed.NowAsync(), Content: await ProjectCalls.ContentAsync(url));
        await Tenant.ExecuteAsync(url, "DELETE FROM orders");
        Assert.Equal(healed.Content, await ProjectCalls.ContentAsync(await followed.RecoverAsync(project, healed.At, "healed")));
    }

    /// <summary>A commit in a segment of its own; the segment's file.</summary>
    private static async Task<string> ChangeAndArchiveAsync(FollowedServer followed, string url)
    {
        await Tenant.ExecuteAsync(url, "UPDATE orders SET total = total + 1");
        return await followed.ArchiveAsync();
    }

    private static void Damage(string file, string how)
    {
        var bytes = File.ReadAllBytes(file);
        switch (how)
        {
            case "removed":
                File.Delete(file);
                return;
            case "cut short":
                File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
                return;
            default:
                bytes[bytes.Length / 2] ^= 0x10;
                File.WriteAllBytes(file, bytes);
                return;
        }
    }

    /// <summary>The words of the refusal, at once or by the job.</summary>
    private static async Task<string> RefusalAsync(FollowedServer followed, string project, DateTimeOffset at)
    {
        var reply = await followed.AskAsync(project, at, "late");
        if (reply.Status == 400)
        {
            return reply.Error;
        }

        var job = await followed.Api.EndOfJobAsync(reply.Expect(202).JobId, 180);
        Assert.Equal("failed", job.Text("state"));
        Assert.Equal("permanent", job.Text("retry_classification"));
        return job.Text("error");
    }
}
