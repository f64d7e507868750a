using System.Security.Cryptography;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Tests.Dumps;

[Collection(nameof(TemporaryCluster))]
public sealed class DumpedArchiveTests(TemporaryCluster server)
{
    private const string Content = """
        CREATE TABLE short AS SELECT n, md5(n::text) AS digest FROM generate_series(1, 30000) n;
        CREATE TABLE wide AS SELECT n, repeat(md5(n::text), 4000) AS text FROM generate_series(1, 40) n;
        CREATE TABLE mixed AS SELECT n, CASE WHEN n % 100 = 0 THEN repeat('é' || n, 30000) ELSE n::text END AS text FROM generate_series(1, 900) n;
        CREATE TABLE empty (a int);
        SELECT lo_from_bytea(0, decode(repeat(md5(n::text), n * 500), 'hex')) FROM generate_series(1, 5) n;
        """;

    private readonly DumpFixture _dumps = new(server);

    [Fact]
    public async Task Joined_rows_are_the_same_rows_in_fewer_chunks()
    {
        var database = await _dumps.CreateAsync("joined");
        await _dumps.AsTenantAsync(database, Content);
        var plain = await DumpAsync(database);
        using var joined = new MemoryStream();
        var ends = new List<long>();
        await using (var archive = new DumpedArchive(new MemoryStream(plain)))
        {
            var buffer = new byte[7001];
            int count;
            while ((count = await archive.ReadAsync(buffer)) > 0)
            {
                joined.Write(buffer, 0, count);
                if (archive.TableEnded)
                {
                    ends.Add(joined.Length);
                }
            }
        }

        Assert.True(joined.Length < plain.Length - 30_000 * 4);
        Assert.Equal(5, ends.Count);
        Assert.Equal(joined.Length, ends[^1]);
        Assert.Equal(await ScriptAsync(database, plain), await ScriptAsync(database, joined.ToArray()));
    }

    [Fact]
    public async Task What_is_no_archive_passes_as_it_is()
    {
        foreach (var length in (int[])[0, 3, 70_000, 600_000])
        {
            var bytes = RandomNumberGenerator.GetBytes(length);
            using var passed = new MemoryStream();
            await using var archive = new DumpedArchive(new MemoryStream(bytes));
            await archive.CopyToAsync(passed);
            Assert.Equal(bytes, passed.ToArray());
        }
    }

    [Fact]
    public async Task What_follows_the_known_blocks_passes_as_it_is()
    {
        var database = await _dumps.CreateAsync("odd");
        await _dumps.AsTenantAsync(database, "CREATE TABLE t AS SELECT n FROM generate_series(1, 100) n");
        byte[] tail = [77, .. RandomNumberGenerator.GetBytes(100_000)];
        byte[] plain = [.. await DumpAsync(database), .. tail];
        using var passed = new MemoryStream();
        await using var archive = new DumpedArchive(new MemoryStream(plain));
        await archive.CopyToAsync(passed);
        Assert.Equal(tail, passed.ToArray()[^tail.Length..]);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task An_archive_in_parts_comes_back_whole(int jobs, bool placed)
    {
        var source = await _dumps.CreateRichAsync();
        await _dumps.AsTenantAsync(source, Content.Replace("SELECT lo_from_bytea", "SELECT count(lo_from_bytea", StringComparison.Ordinal).Replace("'hex'))", "'hex')))", StringComparison.Ordinal));
        var (inventory, archive, ends) = await _dumps.DumpInPartsAsync(source);
        Assert.True(ends.Count > 5);
        var begins = ends.Select(static part => part.Ends).SkipLast(1).Prepend(0);
        var last = ends.Select(static part => part.Ends).SkipLast(1).Append(archive.Length);
        ArchivePart[] parts = [.. begins.Zip(last, ends).Select(part => Part(archive, ((int)part.First, (int)part.Second), placed ? part.Third.Blocks : null))];
        var restored = await _dumps.RestoreAsync(inventory, parts, jobs);
        Assert.Empty(InventoryComparison.Compare(inventory, await _dumps.ReadAsync(restored, inventory)));
    }

    /// <summary>One with known blocks cannot be read otherwise, unless it is the first.</summary>
    private static ArchivePart Part(byte[] archive, (int Begins, int Ends) of, IReadOnlyList<ArchiveBlock>? blocks)
    {
        var plain = archive.AsMemory(of.Begins..of.Ends);
        return new ArchivePart(of.Begins, async (consume, token) =>
        {
            Assert.True(blocks is null || of.Begins == 0);
            await using var stream = new MemoryStream(plain.ToArray());
            await consume(stream, token);
        })
        {
            Placed = blocks is null ? null : new PlacedPart(blocks, async (file, at, token) =>
            {
                using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                await RandomAccess.WriteAsync(handle, plain, at, token);
            }),
        };
    }

    [Fact]
    public async Task It_is_known_where_the_data_of_each_table_lies()
    {
        var database = await _dumps.CreateAsync("blocks");
        await _dumps.AsTenantAsync(database, Content);
        var (_, archive, parts) = await _dumps.DumpInPartsAsync(database);
        var blocks = parts.SelectMany(static part => part.Blocks!).ToList();
        Assert.Equal(5, blocks.Count);
        Assert.Equal(5, blocks.DistinctBy(static block => block.Entry).Count());
        Assert.All(blocks, block => Assert.InRange(archive[block.At], 1, 3));
        Assert.Equal(parts.Select(static part => part.Ends), blocks.Select(static block => block.At + block.Length));
        Assert.Equal(blocks.Skip(1).Select(static block => block.At), blocks.SkipLast(1).Select(static block => block.At + block.Length));
    }

    private async Task<byte[]> DumpAsync(DatabaseName database)
    {
        using var archive = new MemoryStream();
        await _dumps.ToolAsync("pg_dump", ["--format=custom", "--compress=0"], database, new ToolStreams { Stdout = (output, token) => output.CopyToAsync(archive, token) });
        return archive.ToArray();
    }

    /// <summary>The archive as SQL, which says the same of the same rows.</summary>
    private async Task<string> ScriptAsync(DatabaseName database, byte[] archive)
    {
        var script = "";
        await _dumps.ToolAsync("pg_restore", ["--file=-"], database, new ToolStreams
        {
            Stdin = async (input, token) => await input.WriteAsync(archive, token),
            Stdout = async (output, token) => script = await new StreamReader(output).ReadToEndAsync(token),
        });
        return string.Join('\n', script.Split('\n').Where(static line => !line.Contains("restrict", StringComparison.Ordinal)));
    }
}
