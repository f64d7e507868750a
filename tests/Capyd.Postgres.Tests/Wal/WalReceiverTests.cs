using System.Diagnostics;
using System.Globalization;
using System.Text;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;
using Capyd.Postgres.Wal;

namespace Capyd.Postgres.Tests.Wal;

public sealed class WalReceiverTests(WalServer server) : IClassFixture<WalServer>, IDisposable
{
    private readonly string _directory = TemporaryCluster.MakeDirectory();

    private ReplicationSlot Slot => new(server.Cluster, "capyd");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task What_is_committed_is_in_the_spool_at_once_and_in_the_archive_when_its_segment_ends()
    {
        await using var archive = new WalArchive(server, _directory);
        await archive.SeenAsync<WalReceiverEvent.Progress>();
        await server.ExecuteAsync("CREATE TABLE public.streamed AS SELECT i FROM generate_series(1, 100) i");
        var committed = await server.LsnAsync("pg_current_wal_flush_lsn()");

        await WalServer.UntilAsync(async () => await TailEndAsync(archive) >= committed, "the tail has the commit");
        await archive.DrainAsync();
        await archive.DrainAsync();

        Assert.Empty(archive.Rejected);
        Assert.Empty(archive.Ranges.Gaps(new TimelineId(1)));
        Assert.Contains(archive.Index, static s => s.Count > 0);
        Assert.Single(Directory.GetFiles(archive.Spool, "????????????????????????"));
        Assert.Empty(await WalPrerequisites.CheckAsync(server.Cluster, CancellationToken.None));
        Assert.Equal("capyd_wal", await server.ScalarAsync<string>("SELECT application_name FROM pg_stat_replication"));
    }

    [Fact]
    public async Task A_restart_goes_on_where_the_archive_ends_and_hands_the_newest_segment_over_once_more()
    {
        WalRanges before;
        await using (var first = new WalArchive(server, _directory))
        {
            await first.SeenAsync<WalReceiverEvent.Progress>();
            await first.DrainAsync();
            before = first.Ranges;
            await first.StopReceiverAsync();
            await server.ExecuteAsync("SELECT pg_current_xact_id()");
            await server.SwitchAsync();

            await using var second = new WalArchive(server, _directory);
            await second.DrainAsync();

            Assert.Single(second.Ranges.Of(new TimelineId(1)));
            Assert.Empty(second.Ranges.Of(new TimelineId(1)).Aggregate(before, static (all, r) => all.Add(new TimelineId(1), r)).Gaps(new TimelineId(1)));
            Assert.Null(second.Latest<WalReceiverEvent.SlotCreated>());
        }
    }

    [Fact]
    public async Task The_receiver_of_a_dead_daemon_is_found_and_ended()
    {
        var settings = server.ReceiverSettings(Path.Combine(_directory, "spool"));
        await Slot.CreateAsync(CancellationToken.None);
        await OwnedDirectory.CreateAsync(server.Runner, settings.SpoolDirectory, server.Cluster.Endpoint.ToolUser, CancellationToken.None);
        var orphan = server.Runner.RunAsync(
            ReceiveWal.Command(settings, server.Cluster.Endpoint, server.Installation, synchronous: false), ToolStreams.None, CancellationToken.None);
        await WalServer.UntilAsync(async () => (await Slot.ReadAsync(CancellationToken.None))?.ActiveProcess is not null, "the orphan streams");

        await using var archive = new WalArchive(server, _directory);
        await archive.SeenAsync<WalReceiverEvent.Progress>();

        Assert.NotNull(archive.Latest<WalReceiverEvent.EndedLeftover>());
        Assert.Equal(0, (await orphan).ExitCode);
    }

    [Fact]
    public async Task A_killed_receiver_is_started_again_and_an_idle_server_starts_none()
    {
        await using var archive = new WalArchive(server, _directory);
        await archive.SeenAsync<WalReceiverEvent.Progress>();
        await WalServer.UntilAsync(() => Task.FromResult(archive.Latest<WalReceiverEvent.Progress>()?.Slot is { LagBytes: 0, ActiveProcess: not null }), "no lag");
        Assert.Null(archive.Latest<WalReceiverEvent.Interrupted>());

        Kill(archive.Spool);
        await archive.SeenAsync<WalReceiverEvent.Interrupted>();
        await archive.DrainAsync();
        Assert.Empty(archive.Ranges.Gaps(new TimelineId(1)));
    }

    [Fact]
    public async Task Where_commits_begin_to_wait_for_the_receiver_it_confirms_each_at_once()
    {
        await using var archive = new WalArchive(server, _directory);
        await archive.SeenAsync<WalReceiverEvent.Progress>();
        await server.ExecuteAsync("CREATE TABLE public.awaited (i int)");
        await server.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await server.ExecuteAsync("SELECT pg_reload_conf()");
        try
        {
            for (var i = 0; i < 5; i++)
            {
                await server.ExecuteAsync("INSERT INTO public.awaited VALUES (1)").WaitAsync(TimeSpan.FromSeconds(30));
            }

            var committed = await server.LsnAsync("pg_current_wal_flush_lsn()");
            await WalServer.UntilAsync(async () => await Slot.ReadAsync(CancellationToken.None) is { IsAwaited: true } slot && slot.FlushedLsn >= committed, "it is confirmed");
            Assert.Contains("synchronous_standby_names", archive.Latest<WalReceiverEvent.Interrupted>()!.Reason, StringComparison.Ordinal);
        }
        finally
        {
            await server.ExecuteAsync("ALTER SYSTEM RESET synchronous_standby_names");
            await server.ExecuteAsync("SELECT pg_reload_conf()");
        }
    }

    [Fact]
    public async Task A_slot_dropped_behind_our_back_is_told_and_made_anew()
    {
        await using var archive = new WalArchive(server, _directory);
        await archive.SeenAsync<WalReceiverEvent.Progress>();
        await archive.DrainAsync();
        Assert.False(archive.Latest<WalReceiverEvent.SlotCreated>()!.DroppedBehindOurBack);

        await Slot.DropAsync(CancellationToken.None);

        await WalServer.UntilAsync(
            () => Task.FromResult(archive.Latest<WalReceiverEvent.SlotCreated>()!.DroppedBehindOurBack), "the new slot");
        await archive.DrainAsync();
        Assert.Empty(archive.Ranges.Gaps(new TimelineId(1)));
    }

    [Fact]
    public async Task WAL_that_the_server_removed_breaks_the_chain_until_it_is_anchored_anew()
    {
        // Traps 16 and 17: max_slot_wal_keep_size turns a stuck slot into silent loss.
        await using var archive = new WalArchive(server, _directory);
        await archive.SeenAsync<WalReceiverEvent.Progress>();
        await archive.DrainAsync();
        await server.ExecuteAsync("SELECT pg_current_xact_id()");
        await WalServer.UntilAsync(async () => await TailEndAsync(archive) is not null, "the next segment has begun");
        await archive.StopReceiverAsync();
        await LoseSlotAsync();

        var events = new List<WalReceiverEvent>();
        var receiver = server.Receiver(archive.Spool);
        await receiver.RunAsync(events.Add, CancellationToken.None);
        Assert.IsType<WalReceiverEvent.ChainBroken>(events[^1]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.ReanchorAsync(CancellationToken.None));

        var rest = await archive.Archiver.EmptyAsync(CancellationToken.None);
        var from = await receiver.ReanchorAsync(CancellationToken.None);

        Assert.Contains(rest.Archived, static a => a.Name.Kind == WalFileKind.Partial);
        Assert.True(from > archive.Ranges.Of(new TimelineId(1))[^1].To);
        await using var again = new WalArchive(server, _directory);
        await again.DrainAsync();
        Assert.Single(again.Ranges.Of(new TimelineId(1)));
        Assert.True(again.Ranges.Of(new TimelineId(1))[0].From <= from);
    }

    [Fact]
    public async Task Another_cluster_at_the_address_is_refused()
    {
        var settings = server.ReceiverSettings(Path.Combine(_directory, "spool")) with
        {
            Lineage = server.Lineage with { System = new SystemIdentifier(42) },
        };
        var events = new List<WalReceiverEvent>();

        await new WalReceiver(settings, server.Cluster, server.Installation, server.Runner).RunAsync(events.Add, CancellationToken.None);

        Assert.Equal(server.Lineage, Assert.IsType<WalReceiverEvent.OtherCluster>(Assert.Single(events)).Found);
    }

    [Fact]
    public async Task A_damaged_segment_is_put_aside_and_leaves_a_visible_hole()
    {
        await using var archive = new WalArchive(server, _directory);
        await archive.SeenAsync<WalReceiverEvent.Progress>();
        await archive.DrainAsync();
        var end = await server.SwitchFilledAsync();
        var damaged = WalSegmentName.Containing(new TimelineId(1), end, server.Lineage.SegmentSize).ToString();
        var file = Path.Combine(archive.Spool, damaged);
        await WalServer.UntilAsync(() => Task.FromResult(File.Exists(file)), "the segment is in the spool");
        await using (var stream = File.OpenWrite(file))
        {
            stream.Position = 100;
            stream.Write("damage"u8);
        }

        await server.SwitchFilledAsync();
        await archive.DrainAsync();

        Assert.Equal(damaged, Assert.Single(archive.Rejected).File);
        Assert.True(File.Exists(Path.Combine(archive.Archiver.RejectedDirectory, damaged)));
        Assert.True(archive.Ranges.IsHole(WalSegmentName.Parse(damaged, server.Lineage.SegmentSize)));
    }

    [Fact]
    public async Task Nothing_leaves_the_spool_that_the_archive_did_not_take()
    {
        var spool = Path.Combine(_directory, "spool");
        await using var archive = new WalArchive(server, _directory);
        await archive.SeenAsync<WalReceiverEvent.Progress>();
        await server.SwitchFilledAsync();
        var end = await server.SwitchFilledAsync();
        var last = Path.Combine(spool, WalSegmentName.Containing(new TimelineId(1), end, server.Lineage.SegmentSize).ToString());
        await WalServer.UntilAsync(() => Task.FromResult(File.Exists(last)), "two segments are in the spool");
        var before = Directory.GetFiles(spool, "????????????????????????");

        var failing = new SegmentArchiver(spool, server.Lineage, static (_, _, _) => throw new IOException("no space"));
        await Assert.ThrowsAsync<IOException>(() => failing.ArchiveAsync(int.MaxValue, CancellationToken.None));

        Assert.Equal(before, Directory.GetFiles(spool, "????????????????????????"));
        await archive.DrainAsync();
        Assert.Empty(archive.Ranges.Gaps(new TimelineId(1)));
    }

    private static async Task<Lsn?> TailEndAsync(WalArchive archive)
    {
        await using var tail = await archive.Archiver.TailAsync(CancellationToken.None);
        return tail?.ContentEnd;
    }

    private async Task LoseSlotAsync()
    {
        await server.ExecuteAsync("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'");
        await server.ExecuteAsync("SELECT pg_reload_conf()");
        for (var i = 0; i < 5; i++)
        {
            await server.SwitchFilledAsync();
        }

        await server.ExecuteAsync("CHECKPOINT");
        await WalServer.UntilAsync(async () => (await Slot.ReadAsync(CancellationToken.None))!.Lost, "the slot is lost");
        await server.ExecuteAsync("ALTER SYSTEM RESET max_slot_wal_keep_size");
        await server.ExecuteAsync("SELECT pg_reload_conf()");
    }

    private static void Kill(string spool)
    {
        foreach (var directory in Directory.GetDirectories("/proc").Where(static d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            var arguments = File.Exists($"{directory}/cmdline") ? Encoding.UTF8.GetString(File.ReadAllBytes($"{directory}/cmdline")) : "";
            if (arguments.Contains("pg_receivewal", StringComparison.Ordinal) && arguments.Contains(spool, StringComparison.Ordinal))
            {
                using var process = Process.GetProcessById(int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture));
                process.Kill();
            }
        }
    }
}
