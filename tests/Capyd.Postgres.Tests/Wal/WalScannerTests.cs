using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commands;
using Capyd.Postgres.Wal.Commits;
using Xunit.Abstractions;

namespace Capyd.Postgres.Tests.Wal;

public sealed partial class WalScannerTests(WalServer server, ITestOutputHelper output) : IClassFixture<WalServer>
{
    private static readonly SemaphoreSlim Once = new(1);
    private static string? s_first;

    [Fact]
    public async Task Commits_rollbacks_and_restore_points_are_those_that_pg_waldump_shows()
    {
        var segments = await SegmentsAsync();
        await IndexAsync();
        var ends = new List<TransactionEnd>();
        var scanner = new WalScanner(server.Lineage) { Visit = ends.Add };
        var points = new List<RestorePointMark>();
        var elapsed = Stopwatch.StartNew();
        foreach (var segment in segments)
        {
            await using var content = File.OpenRead(PathOf(segment));
            var scan = await scanner.ReadAsync(segment, content, CancellationToken.None);
            points.AddRange(scan.Commits.RestorePoints);
        }

        var own = elapsed.Elapsed;
        elapsed.Restart();
        var shown = await DumpAsync(segments);
        output.WriteLine($"{segments.Count} segments, {ends.Count} ends: own reader {own.TotalMilliseconds:0} ms, pg_waldump {elapsed.Elapsed.TotalMilliseconds:0} ms");

        Assert.True(segments.Count >= 3);
        Assert.True(ends.Count > 1000);
        Assert.Contains(ends, static end => !end.Committed);
        Assert.Equal(shown, ends);
        Assert.Equal(["capyd point äö"], points.Select(static p => p.Name));
    }

    [Theory]
    [InlineData("flip", "wrong checksum")]
    [InlineData("page", "magic number")]
    [InlineData("cut", "it ends at")]
    [InlineData("long", "longer than a segment")]
    [InlineData("zero", "without a switch|magic number|claims a length|wrong checksum|does not go on")]
    [InlineData("swap", "says that it is the one at")]
    public async Task A_damaged_segment_is_refused(string damage, string reason)
    {
        var segment = (await SegmentsAsync())[0];
        var bytes = Damage(await File.ReadAllBytesAsync(PathOf(segment)), damage);

        var refusal = await Assert.ThrowsAsync<WalRejectedException>(
            () => new WalScanner(server.Lineage).ReadAsync(segment, new MemoryStream(bytes), CancellationToken.None));

        Assert.Matches(reason, refusal.Message);
    }

    [Fact]
    public async Task A_segment_of_another_cluster_timeline_or_place_is_refused()
    {
        // Traps 10 and 11.
        var segment = (await SegmentsAsync())[0];
        var bytes = await File.ReadAllBytesAsync(PathOf(segment));
        var other = server.Lineage with { System = new SystemIdentifier(42) };

        await RefusedAsync(other, segment, bytes, "archive is of 42");
        await RefusedAsync(server.Lineage with { Major = 16 }, segment, bytes, "magic number");
        await RefusedAsync(server.Lineage, segment.Next, bytes, "says that it is the one at");
    }

    [Fact]
    public async Task A_growing_segment_is_read_as_far_as_it_is_whole()
    {
        var segment = (await SegmentsAsync())[0];
        var bytes = await File.ReadAllBytesAsync(PathOf(segment));
        var whole = await new WalScanner(server.Lineage).ReadAsync(segment, new MemoryStream(bytes), CancellationToken.None);
        bytes.AsSpan(5_000_001).Clear();

        var part = await new WalScanner(server.Lineage).ReadPartialAsync(segment, new MemoryStream(bytes), CancellationToken.None);
        var empty = await new WalScanner(server.Lineage).ReadPartialAsync(segment, new MemoryStream(new byte[16 << 20]), CancellationToken.None);

        Assert.InRange(part.ContentEnd.Position - segment.Start.Position, 4_900_000UL, 5_000_001UL);
        Assert.InRange(part.Commits.Count, 1, whole.Commits.Count - 1);
        Assert.Equal(segment.Start, empty.ContentEnd);
    }

    [Fact]
    public async Task The_commits_around_a_moment_are_found_in_the_segment_that_holds_them()
    {
        var (path, ends) = await IndexAsync();
        var commits = ends.Where(static e => e.Committed).ToList();
        foreach (var pick in new[] { 0, commits.Count / 3, commits.Count / 2, commits.Count - 2 })
        {
            var around = await CommitTimes.AroundAsync(path, commits[pick].At, server.Lineage, OpenAsync, CancellationToken.None);

            Assert.True(around.CanStop);
            Assert.Equal(commits[pick], around.AtOrBefore);
            Assert.Equal(commits[pick + 1], around.After);
        }

        var late = await CommitTimes.AroundAsync(path, commits[^1].At.AddSeconds(1), server.Lineage, OpenAsync, CancellationToken.None);
        Assert.Equal(new CommitNeighbours(commits[^1], null, CanStop: false), late);
        var early = await CommitTimes.AroundAsync(path, commits[0].At.AddTicks(-10), server.Lineage, OpenAsync, CancellationToken.None);
        Assert.Equal((null, commits[0]), (early.AtOrBefore, early.After));
    }

    [Fact]
    public async Task Push_answers_only_0_or_1_and_fetch_1_only_for_the_end_of_the_archive()
    {
        // Traps 2 and 41.
        var segment = (await SegmentsAsync())[0];
        var target = Path.Combine(server.Directory, "RECOVERYXLOG");
        var errors = new List<string>();
        Task<int> Fetch(string name, WalLookup answer) =>
            WalFetch.RunAsync(name, target, server.Lineage, (_, _) => Task.FromResult(answer), errors.Add, CancellationToken.None);
        Task<int> Push(string path, Func<Task> store) =>
            WalPush.RunAsync(path, server.Lineage, (_, _, _) => store(), errors.Add, CancellationToken.None);

        Assert.Equal(0, await Push(PathOf(segment), static () => Task.CompletedTask));
        Assert.Equal(1, await Push(PathOf(segment), static () => throw new IOException("disk full")));
        Assert.Equal(1, await Push("/nowhere/000000010000000000000001", static () => Task.CompletedTask));
        Assert.Equal(1, await Push("/etc/passwd", static () => Task.CompletedTask));

        var bytes = await File.ReadAllBytesAsync(PathOf(segment));
        Assert.Equal(0, await Fetch(segment.ToString(), new WalLookup.Found(new MemoryStream(bytes))));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(target));
        Assert.Equal(1, await Fetch(segment.ToString(), new WalLookup.NotThere()));
        Assert.Equal(255, await Fetch(segment.ToString(), new WalLookup.Hole()));
        Assert.Equal(255, await Fetch("nonsense", new WalLookup.NotThere()));
        Assert.Equal(255, await Fetch(segment.ToString(), new WalLookup.Found(new MemoryStream(Damage(bytes, "flip")))));
        Assert.Equal(0, await Fetch(segment.ToString(), new WalLookup.Found(new MemoryStream(bytes, 0, 3_000_000), Partial: true)));
        Assert.Equal(16 << 20, new FileInfo(target).Length);
        Assert.Equal(6, errors.Count);
    }

    private async Task RefusedAsync(WalLineage lineage, WalSegmentName segment, byte[] bytes, string reason)
    {
        var refusal = await Assert.ThrowsAsync<WalRejectedException>(
            () => new WalScanner(lineage).ReadAsync(segment, new MemoryStream(bytes), CancellationToken.None));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.DataDirectory, refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] Damage(byte[] original, string damage)
    {
        var bytes = damage switch
        {
            "cut" => original[..^8192],
            "long" => [.. original, 0],
            _ => (byte[])original.Clone(),
        };
        switch (damage)
        {
            case "flip":
                bytes[3_000_100] ^= 1;
                break;
            case "page":
                bytes[8192] ^= 1;
                break;
            case "zero":
                bytes.AsSpan(8_000_000).Clear();
                break;
            case "swap":
                original.AsSpan(8192 * 7, 8192).CopyTo(bytes.AsSpan(8192 * 9));
                break;
        }

        return bytes;
    }

    private async Task<(List<SegmentCommits> Path, List<TransactionEnd> Ends)> IndexAsync()
    {
        var ends = new List<TransactionEnd>();
        var path = new List<SegmentCommits>();
        var scanner = new WalScanner(server.Lineage) { Visit = ends.Add };
        foreach (var segment in await SegmentsAsync())
        {
            await using var content = File.OpenRead(PathOf(segment));
            path.Add((await scanner.ReadAsync(segment, content, CancellationToken.None)).Commits);
        }

        return (path, ends);
    }

    private Task<Stream> OpenAsync(WalSegmentName segment, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(File.OpenRead(PathOf(segment)));

    /// <summary>Whole segments that many small transactions wrote.</summary>
    private async Task<List<WalSegmentName>> SegmentsAsync()
    {
        await Once.WaitAsync();
        try
        {
            s_first ??= await WriteAsync();
        }
        finally
        {
            Once.Release();
        }

        var last = await server.LsnAsync("pg_current_wal_lsn()");
        var segments = new List<WalSegmentName>();
        for (var segment = WalSegmentName.Parse(s_first, server.Lineage.SegmentSize); segment.End <= last; segment = segment.Next)
        {
            segments.Add(segment);
        }

        return segments;
    }

    private async Task<string> WriteAsync()
    {
        await new ReplicationSlot(server.Cluster, "keep").CreateAsync(CancellationToken.None);
        await server.SwitchAsync();
        var first = await server.ScalarAsync<string>("SELECT pg_walfile_name(pg_current_wal_lsn() + 64)");
        await server.ExecuteAsync("CREATE TABLE public.t (id int, pad text); ALTER TABLE public.t ALTER pad SET STORAGE EXTERNAL");
        await server.ExecuteAsync("DO $$ BEGIN FOR i IN 1..1500 LOOP INSERT INTO public.t VALUES (i, repeat(md5(i::text), 400)); COMMIT; END LOOP; END $$");
        await server.ExecuteAsync("SELECT pg_create_restore_point('capyd point äö')");
        await server.ExecuteAsync("DO $$ BEGIN FOR i IN 1..200 LOOP INSERT INTO public.t VALUES (i, repeat(md5(i::text), 400)); ROLLBACK; END LOOP; END $$");
        await server.ExecuteAsync("INSERT INTO public.t SELECT i, repeat(md5(i::text), 40) FROM generate_series(1, 25000) i");
        await server.ExecuteAsync("DO $$ BEGIN FOR i IN 1..500 LOOP INSERT INTO public.t VALUES (i, 'x'); COMMIT; END LOOP; END $$");
        await server.SwitchAsync();
        await server.ExecuteAsync("SELECT pg_current_xact_id()");
        return first!;
    }

    private async Task<List<TransactionEnd>> DumpAsync(List<WalSegmentName> segments) =>
        (await server.DumpAsync(Path.Combine(server.DataDirectory, "pg_wal"), segments, "--rmgr=Transaction"))
        .Select(line => EndLine().Match(line)).Where(match => match.Success).Select(Read).ToList();

    private static TransactionEnd Read(Match match) => new(
        Lsn.Parse(match.Groups["lsn"].Value),
        DateTimeOffset.ParseExact(match.Groups["at"].Value, "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        uint.Parse(match.Groups["xid"].ValueSpan, CultureInfo.InvariantCulture),
        match.Groups["what"].Value == "COMMIT");

    private string PathOf(WalSegmentName segment) => Path.Combine(server.DataDirectory, "pg_wal", segment.ToString());

    [GeneratedRegex(@"tx:\s+(?<xid>\d+), lsn: (?<lsn>\S+), .* desc: (?<what>COMMIT|ABORT) (?<at>\S+ \S+) UTC")]
    private static partial Regex EndLine();
}
