using Capyd.Postgres.Cluster;
using Capyd.Postgres.Recovery;
using Capyd.Postgres.Tests.Wal;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commands;

namespace Capyd.Postgres.Tests.Recovery;

public sealed class TimelineTests(WalServer server) : IClassFixture<WalServer>
{
    private static readonly TimelineId Two = new(2);

    [Fact]
    public async Task Recovery_follows_the_log_across_a_promotion_and_can_stay_on_the_old_timeline()
    {
        await server.ExecuteAsync("CREATE TABLE public.t (i int)");
        await using var scenario = await RecoveryScenario.BeginAsync(server);
        await server.ExecuteAsync("INSERT INTO public.t VALUES (1)");
        await PromoteAsync();
        await server.ExecuteAsync("INSERT INTO public.t VALUES (2)");
        await scenario.Archive.DrainAsync();

        var archive = scenario.Archive;
        var history = TimelineHistory.Parse(Two, await File.ReadAllTextAsync(Path.Combine(archive.Files, "00000002.history")));
        var partial = Assert.Single(Directory.GetFiles(archive.Files, "*.partial"));
        var fork = Assert.Single(history.Switches);
        Assert.Empty(archive.Rejected);
        Assert.Equal(WalSegmentName.Containing(new TimelineId(1), fork.At, server.Lineage.SegmentSize) + ".partial", Path.GetFileName(partial));

        var across = await scenario.SandboxAsync("across");
        Assert.IsType<RecoveryResult.Reached>(
            await across.RecoverAsync(scenario.Request(new RecoveryTarget.Latest(), timeline: 2), null, CancellationToken.None));
        Assert.Equal("1,2", await RecoveryScenario.AskAsync(across, "SELECT string_agg(i::text, ',' ORDER BY i) FROM public.t"));

        await DeliverTailAsync(archive, partial);
        var old = await scenario.SandboxAsync("old");
        Assert.IsType<RecoveryResult.Reached>(
            await old.RecoverAsync(scenario.Request(new RecoveryTarget.Latest(), timeline: 1), null, CancellationToken.None));
        Assert.Equal("1", await RecoveryScenario.AskAsync(old, "SELECT string_agg(i::text, ',' ORDER BY i) FROM public.t"));

        var nowhere = await scenario.SandboxAsync("nowhere");
        var failed = await nowhere.RecoverAsync(scenario.Request(new RecoveryTarget.Latest(), timeline: 7), null, CancellationToken.None);
        Assert.Equal(RecoveryFailureKind.WrongTimeline, Assert.IsType<RecoveryResult.Failed>(failed).Kind);
    }

    /// <summary>What the partial segment of the old timeline is for.</summary>
    private async Task DeliverTailAsync(WalArchive archive, string partial)
    {
        var name = Path.GetFileNameWithoutExtension(partial);
        var code = await WalFetch.RunAsync(
            name,
            Path.Combine(archive.Files, name),
            server.Lineage,
            (_, _) => Task.FromResult<WalLookup>(new WalLookup.Found(File.OpenRead(partial), Partial: true)),
            static words => Assert.Fail(words),
            CancellationToken.None);
        Assert.Equal(WalFetch.Delivered, code);
        File.SetUnixFileMode(Path.Combine(archive.Files, name), (UnixFileMode)0b110_100_100);
    }

    private async Task PromoteAsync()
    {
        await server.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(server.DataDirectory, "recovery.signal"), "");
        await File.WriteAllTextAsync(Path.Combine(server.DataDirectory, "custom.conf"), "restore_command = 'false'\nhot_standby = off\n");
        foreach (var file in new[] { "recovery.signal", "custom.conf" })
        {
            File.SetUnixFileMode(Path.Combine(server.DataDirectory, file), (UnixFileMode)0b110_110_110);
        }

        await server.StartAsync();
        await WalServer.UntilAsync(async () => !await server.ScalarAsync<bool>("SELECT pg_is_in_recovery()"), "the promotion");
    }
}
