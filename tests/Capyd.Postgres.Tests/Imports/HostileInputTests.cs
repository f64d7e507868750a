using System.Formats.Tar;
using Capyd.Postgres.Imports;

namespace Capyd.Postgres.Tests.Imports;

/// <summary>Files that attack. After each: no canary outside, no program and no file left, and an error that says what is wrong.</summary>
[Collection(nameof(TemporaryCluster))]
public sealed class HostileInputTests(TemporaryCluster server) : IDisposable
{
    private readonly ImportFixture _imports = new(server);

    [Theory]
    [InlineData($"\\! touch {ImportFixture.Canary}\n", "\\!")]
    [InlineData($"CREATE TABLE t(a text);\n\\copy t to '{ImportFixture.Canary}'\n", "Line 2")]
    [InlineData($"COPY (SELECT 1) TO '{ImportFixture.Canary}';", "COPY … TO")]
    [InlineData($"COPY (SELECT 1) TO PROGRAM 'touch {ImportFixture.Canary}';", "COPY … TO")]
    [InlineData($"DO $$BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch {ImportFixture.Canary}'''; END$$;", "42501")]
    [InlineData($"CREATE TABLE t(a text); COPY t FROM PROGRAM 'touch {ImportFixture.Canary}';", "42501")]
    [InlineData("CREATE TABLE t(a text); COPY t FROM '/etc/passwd';", "42501")]
    [InlineData("SELECT pg_read_file('/etc/passwd');", "42501")]
    [InlineData("SELECT lo_import('/etc/passwd');", "42501")]
    [InlineData($"SELECT lo_export(lo_from_bytea(0, 'x'), '{ImportFixture.Canary}');", "42501")]
    [InlineData("SELECT dblink_connect('host=/var/run/postgresql');", "does not exist")]
    [InlineData("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'capyd'; SELECT 1/0;", "42501")]
    [InlineData("DO $$BEGIN SET ROLE capyd; END$$;", "42501")]
    [InlineData("DO $$BEGIN SET SESSION AUTHORIZATION capyd; END$$;", "42501")]
    [InlineData("DO $$BEGIN ALTER ROLE import SUPERUSER; END$$;", "42501")]
    [InlineData("DO $$BEGIN CREATE ROLE x SUPERUSER; END$$;", "42501")]
    [InlineData("CREATE FUNCTION c() RETURNS int LANGUAGE c AS '/tmp/evil.so', 'evil';", "permission denied for language c")]
    [InlineData("DO $$BEGIN CREATE EXTENSION plpython3u; END$$;", "SQLSTATE")]
    [InlineData("DO $$BEGIN EXECUTE 'ALTER SYSTEM SET archive_command = ''x'''; END$$;", "SQLSTATE")]
    public async Task What_reaches_for_the_host_fails(string sql, string because) =>
        Assert.Contains(because, await _imports.RefuseTextAsync(sql), StringComparison.Ordinal);

    [Theory]
    [InlineData("RESET ROLE; SET SESSION AUTHORIZATION capyd; CREATE TABLE t(); DO $$BEGIN ASSERT current_user = 'import'; END$$;")]
    [InlineData("CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION et(); CREATE TABLE t();")]
    public async Task Rights_are_not_taken_from_a_script(string sql) =>
        Assert.Contains((await _imports.LoadAsync(await _imports.WriteAsync("script.sql", sql))).Result.Inventory.Relations, static r => r.Name == "t");

    /// <summary>What runs while a superuser dumps and counts: functions of indexes, shadows of the built-in ones.</summary>
    [Fact]
    public async Task Traps_for_the_superuser_who_dumps_do_not_spring()
    {
        const string Attack = $"BEGIN EXECUTE 'COPY (SELECT current_user) TO PROGRAM ''touch {ImportFixture.Canary}'''; EXCEPTION WHEN OTHERS THEN END";
        var file = await _imports.WriteAsync("trap.sql", $"""
            CREATE FUNCTION public.trap(a int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $f$BEGIN {Attack}; RETURN a; END$f$;
            CREATE TABLE public.t(a int); INSERT INTO t VALUES (1), (2);
            CREATE INDEX ON public.t (public.trap(a)) WHERE public.trap(a) > 0;
            CREATE VIEW public.pg_class AS SELECT public.trap(1);
            CREATE FUNCTION public.count(anyelement) RETURNS int LANGUAGE sql AS 'SELECT public.trap(1)';
            CREATE FUNCTION public.eq(name, text) RETURNS bool LANGUAGE sql AS 'SELECT public.trap(1) > 0';
            CREATE OPERATOR public.= (FUNCTION = public.eq, LEFTARG = name, RIGHTARG = text);
            CREATE FUNCTION public.totext(public.t) RETURNS text LANGUAGE sql AS 'SELECT public.trap(1)::text';
            CREATE CAST (public.t AS text) WITH FUNCTION public.totext(public.t) AS IMPLICIT;
            DO $d$BEGIN EXECUTE 'ALTER DATABASE import SET search_path = public, pg_catalog'; END$d$;
            DO $d$BEGIN EXECUTE 'ALTER DATABASE import SET default_transaction_read_only = on'; END$d$;
            """);
        var (result, _) = await _imports.LoadAsync(file);

        Assert.Contains(result.Inventory.Relations, static r => r is { Name: "t", Rows: 2 });
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task A_bomb_stops_at_the_limit(string compressor)
    {
        using var small = new ImportFixture(server) { Limits = new QuarantineLimits(50_000_000, 1L << 30, TimeSpan.FromMinutes(1)) };
        await small.ShellAsync($"(echo 'SELECT 1;'; head -c 400000000 /dev/zero | tr '\\0' '\\n') | {compressor} > bomb");

        Assert.Contains("50000000", await small.RefuseAsync(small.File("bomb")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_fills_the_disk_stops_at_the_limit()
    {
        using var small = new ImportFixture(server) { Limits = new QuarantineLimits(1L << 30, 200_000_000, TimeSpan.FromMinutes(2)) };
        const string Endless = "CREATE TABLE t(a text); DO $$BEGIN LOOP INSERT INTO t SELECT repeat(md5(i::text), 60) FROM generate_series(1, 1000) i; END LOOP; END$$;";

        Assert.Contains("200000000", await small.RefuseTextAsync(Endless), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_never_ends_stops_at_the_limit()
    {
        using var brief = new ImportFixture(server) { Limits = new QuarantineLimits(1L << 30, 1L << 30, TimeSpan.FromSeconds(8)) };

        Assert.Contains("00:00:08", await brief.RefuseTextAsync("SELECT pg_sleep(1000);"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archives_cut_off_anywhere_are_refused()
    {
        var source = await SourceAsync();
        foreach (var format in new[] { "custom", "tar", "plain" })
        {
            var whole = await File.ReadAllBytesAsync(await _imports.DumpAsync(source, "dump", $"--format={format}"));
            foreach (var length in new[] { 0, 3, 20, whole.Length / 10, whole.Length / 2, whole.Length * 9 / 10 })
            {
                await File.WriteAllBytesAsync(_imports.File("cut"), whole[..length]);
                Assert.NotEmpty(await _imports.RefuseAsync(_imports.File("cut")));
            }
        }

        await _imports.ShellAsync("gzip < dump > z; head -c $(($(stat -c %s z) / 2)) z > cut; zstd -q < dump > y; head -c $(($(stat -c %s y) - 4)) y > cut2");
        Assert.Contains("gzip", await _imports.RefuseAsync(_imports.File("cut")), StringComparison.Ordinal);
        Assert.Contains("zstd", await _imports.RefuseAsync(_imports.File("cut2")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flipped_bits_in_the_contents_do_no_harm()
    {
        var whole = await File.ReadAllBytesAsync(await _imports.DumpAsync(await SourceAsync(), "dump", "--format=custom"));
        var random = new Random(7);
        for (var i = 0; i < 6; i++)
        {
            var broken = whole.ToArray();
            for (var flip = 0; flip < 5; flip++)
            {
                broken[random.Next(20, 2000)] ^= (byte)(1 << random.Next(8));
            }

            await File.WriteAllBytesAsync(_imports.File("flipped"), broken);
            try
            {
                await _imports.LoadAsync(_imports.File("flipped"));
            }
            catch (ImportRefusedException e)
            {
                Assert.NotEmpty(e.Message);
            }

            await _imports.NothingIsLeftAsync();
        }
    }

    [Fact]
    public async Task An_archive_of_a_newer_version_is_refused_by_its_number()
    {
        await File.WriteAllBytesAsync(_imports.File("newer"), [.. "PGDMP"u8, 1, 17, 0, 4, 8, 1, 0, 0, 0, 0]);

        var message = await _imports.RefuseAsync(_imports.File("newer"));
        Assert.Contains("1.17", message, StringComparison.Ordinal);
        Assert.Contains("pg_dump", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../toc.dat", TarEntryType.RegularFile)]
    [InlineData("d/../../toc.dat", TarEntryType.RegularFile)]
    [InlineData(ImportFixture.Canary, TarEntryType.RegularFile)]
    [InlineData("/tmp/toc.dat", TarEntryType.RegularFile)]
    [InlineData("d/toc.dat", TarEntryType.SymbolicLink)]
    [InlineData("d/1.dat", TarEntryType.HardLink)]
    [InlineData("d/evil.sh", TarEntryType.RegularFile)]
    [InlineData("d/1.dat", TarEntryType.Fifo)]
    public async Task A_tar_with_anything_else_in_it_is_refused(string name, TarEntryType type)
    {
        await using (var file = File.Create(_imports.File("evil.tar")))
        await using (var tar = new TarWriter(file, TarEntryFormat.Pax))
        {
            var entry = new PaxTarEntry(type, name);
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            {
                entry.LinkName = "/etc/passwd";
            }
            else if (type == TarEntryType.RegularFile)
            {
                entry.DataStream = new MemoryStream("PGDMP"u8.ToArray());
            }

            await tar.WriteEntryAsync(entry);
        }

        Assert.Contains("no part of a dump", await _imports.RefuseAsync(_imports.File("evil.tar")), StringComparison.Ordinal);
    }

    /// <summary>CVE-2025-8714 and -8715: names with line breaks that turn into commands of psql in a dump's text.</summary>
    [Fact]
    public async Task Names_with_line_breaks_do_not_become_commands()
    {
        var source = await _imports.Dumps.CreateAsync("breaks");
        await _imports.Dumps.AsTenantAsync(
            source,
            $"CREATE TABLE \"x\n\\! touch {ImportFixture.Canary}\n--\"(a int); INSERT INTO \"x\n\\! touch {ImportFixture.Canary}\n--\" VALUES (1); "
            + $"CREATE TABLE \"y'); COPY (SELECT 1) TO PROGRAM 'touch {ImportFixture.Canary}'; --\"(\"b\n\\! x\" text)");
        foreach (var format in new[] { "--format=plain", "--format=custom", "--format=tar" })
        {
            var (result, _) = await _imports.LoadAsync(await _imports.DumpAsync(source, "dump", format));
            Assert.Equal(2, result.Inventory.Relations.Count);
        }

        var injected = "-- Name: x\n\\! touch " + ImportFixture.Canary + "\n; Type: TABLE; Schema: public; Owner: -\nCREATE TABLE t();\n";
        Assert.Contains("\\!", await _imports.RefuseTextAsync(injected), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_compressed_twice_is_refused()
    {
        await _imports.ShellAsync("echo 'SELECT 1;' | gzip | gzip > twice");
        Assert.Contains("twice", await _imports.RefuseAsync(_imports.File("twice")), StringComparison.Ordinal);
    }

    public void Dispose() => _imports.Dispose();

    private async Task<Capyd.Postgres.Cluster.DatabaseName> SourceAsync()
    {
        var source = await _imports.Dumps.CreateAsync("hostile");
        await _imports.Dumps.AsTenantAsync(
            source, "CREATE TABLE t(id int PRIMARY KEY, v text); INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, 5000) i; CREATE INDEX ON t(v)");
        return source;
    }
}
