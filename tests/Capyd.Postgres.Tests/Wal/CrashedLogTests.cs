using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Postgres.Tests.Wal;

/// <summary>A server that dies in the middle of a record goes on over what it had begun.</summary>
public sealed class CrashedLogTests(WalServer server) : IClassFixture<WalServer>
{
    [Fact]
    public async Task A_log_with_crashes_in_it_is_read_to_its_end()
    {
        await server.ExecuteAsync("CREATE TABLE public.crashed (id serial, noise text)");
        for (var crash = 0; crash < 6; crash++)
        {
            await CrashWhileWritingAsync();
            await server.ExecuteAsync("INSERT INTO public.crashed (noise) SELECT 'after'");
            var end = await server.LsnAsync("pg_current_wal_flush_lsn()");
            var segment = WalSegmentName.Containing(new TimelineId(1), end, server.Lineage.SegmentSize);
            var scanner = new WalScanner(server.Lineage);
            if (segment.Number > 1 && File.Exists(PathOf(segment.Previous)))
            {
                await using var before = File.OpenRead(PathOf(segment.Previous));
                await scanner.ReadAsync(segment.Previous, before, CancellationToken.None);
            }

            await using var content = File.OpenRead(PathOf(segment));
            var scan = await scanner.ReadPartialAsync(segment, content, CancellationToken.None);

            Assert.True(scan.ContentEnd >= end, $"crash {crash}: read to {scan.ContentEnd}, written to {end}");
        }
    }

    private async Task CrashWhileWritingAsync()
    {
        var writers = Enumerable.Range(0, 4).Select(n => WriteAsync(n)).ToList();
        await WalServer.UntilAsync(async () => await server.ScalarAsync<long>("SELECT count(*) FROM public.crashed") % 1000 > 20, "rows are written");
        var stop = new ToolCommand(server.Installation.PathOf("pg_ctl"), ["stop", "--mode=immediate", $"--pgdata={server.DataDirectory}"])
        {
            RunAs = server.Cluster.Endpoint.ToolUser,
        };
        (await server.Runner.RunAsync(stop, ToolStreams.None, CancellationToken.None)).EnsureSuccess(stop);
        await Task.WhenAll(writers);
        await server.StartAsync();
    }

    /// <summary>Until the server is gone.</summary>
    private async Task WriteAsync(int number)
    {
        try
        {
            while (true)
            {
                await server.ExecuteAsync(
                    $"INSERT INTO public.crashed (noise) SELECT string_agg(md5(random()::text), '') FROM generate_series(1, {20 + (number * 60)})");
            }
        }
        catch (Exception e) when (e is PostgresFailedException or Npgsql.NpgsqlException or IOException)
        {
        }
    }

    private string PathOf(WalSegmentName segment) => Path.Combine(server.DataDirectory, "pg_wal", segment.ToString());
}
