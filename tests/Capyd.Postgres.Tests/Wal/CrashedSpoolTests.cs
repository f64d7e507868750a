using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Postgres.Tests.Wal;

/// <summary>What the receiver reports as written can be read in its spool, also where the server crashed and went on.</summary>
public sealed class CrashedSpoolTests(WalServer server) : IClassFixture<WalServer>, IDisposable
{
    private const int Crashes = 4;
    private readonly string _directory = TemporaryCluster.MakeDirectory();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task What_was_received_can_be_read_through_crashes_under_load()
    {
        await server.ExecuteAsync("CREATE TABLE public.spooled (id serial, noise text)");
        await using var archive = new WalArchive(server, _directory);
        await archive.SeenAsync<WalReceiverEvent.Progress>();
        var writers = Enumerable.Range(0, 4).Select(n => WriteAsync(n)).ToList();
        var behind = new List<string>();
        for (var crash = 0; crash < Crashes; crash++)
        {
            for (var look = 0; look < 2; look++)
            {
                await LookAsync(archive, behind, $"before crash {crash}");
            }

            await CrashAsync();
            for (var look = 0; look < 5; look++)
            {
                await LookAsync(archive, behind, $"after crash {crash}");
            }
        }

        await _stop.CancelAsync();
        await Task.WhenAll(writers);

        Assert.Empty(behind);
    }

    /// <summary>A commit behind a known place, received to a known place, is in what a fresh reading finds.</summary>
    private async Task LookAsync(WalArchive archive, List<string> behind, string when)
    {
        var (before, flushed) = await WalFlush.RunAsync(server.Cluster, CancellationToken.None);
        await WalServer.UntilAsync(async () => (await new ReplicationSlot(server.Cluster, "capyd").ReadAsync(CancellationToken.None))?.WrittenLsn >= flushed, "it is received");
        var read = await LastCommitAsync(archive.Spool, before);
        if (!(read >= before))
        {
            behind.Add($"{when}: a commit behind {before} was received by {flushed}, read was one at {read}");
        }
    }

    private async Task<Lsn?> LastCommitAsync(string spool, Lsn at)
    {
        var last = default(Lsn?);
        var scanner = new WalScanner(server.Lineage) { Visit = end => last = end.Committed ? end.Lsn : last };
        var segment = WalSegmentName.Containing(new TimelineId(1), at, server.Lineage.SegmentSize);
        foreach (var name in new[] { segment.Previous, segment, segment.Next })
        {
            if (Path.Combine(spool, name.ToString()) is var whole && File.Exists(whole))
            {
                await using var content = File.OpenRead(whole);
                await scanner.ReadAsync(name, content, CancellationToken.None);
            }
            else if (File.Exists(whole + ".partial"))
            {
                await using var content = new FileStream(whole + ".partial", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                await scanner.ReadPartialAsync(name, content, CancellationToken.None);
            }
        }

        return last;
    }

    private async Task CrashAsync()
    {
        var stop = new ToolCommand(server.Installation.PathOf("pg_ctl"), ["stop", "--mode=immediate", $"--pgdata={server.DataDirectory}"])
        {
            RunAs = server.Cluster.Endpoint.ToolUser,
        };
        (await server.Runner.RunAsync(stop, ToolStreams.None, CancellationToken.None)).EnsureSuccess(stop);
        await server.StartAsync();
    }

    /// <summary>Goes on when the server is back.</summary>
    private async Task WriteAsync(int number)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await server.ExecuteAsync(
                    $"INSERT INTO public.spooled (noise) SELECT string_agg(md5(random()::text), '') FROM generate_series(1, {20 + (number * 60)})");
            }
            catch (Exception e) when (e is PostgresFailedException or Npgsql.NpgsqlException or IOException)
            {
                await Task.Delay(20);
            }
        }
    }
}
