using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Capyd.Postgres.Imports;

namespace Capyd.Postgres.Tests.Imports;

[Collection(nameof(TemporaryCluster))]
public sealed class QuarantineTests(TemporaryCluster server) : IDisposable
{
    private const string Content = """
        CREATE TABLE parent(id int PRIMARY KEY, name text NOT NULL, doc jsonb, raw bytea);
        INSERT INTO parent SELECT i, E'näme\n\t\\' || i, '{"a": 1}', '\x00ff' FROM generate_series(1, 500) i;
        CREATE TABLE child(id serial PRIMARY KEY, parent int REFERENCES parent, kind citext, UNIQUE (parent, kind));
        INSERT INTO child(parent, kind) SELECT i, 'k' || i FROM generate_series(1, 500) i;
        CREATE INDEX ON parent USING gin (name gin_trgm_ops);
        CREATE VIEW v AS SELECT p.name, count(*) FROM parent p JOIN child c ON c.parent = p.id GROUP BY 1;
        CREATE MATERIALIZED VIEW mv AS SELECT count(*) FROM parent;
        CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a > 0 THEN a ELSE 0 END; SELECT a + 1; END;
        CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS $_$ BEGIN NEW.name := NEW.name || ';'; RETURN NEW; END $_$;
        CREATE TRIGGER t BEFORE UPDATE ON parent FOR EACH ROW EXECUTE FUNCTION tr();
        CREATE TABLE "We ird.""Name"(a int) PARTITION BY RANGE (a);
        CREATE TABLE part PARTITION OF "We ird.""Name" FOR VALUES FROM (0) TO (10);
        INSERT INTO "We ird.""Name" VALUES (1), (2);
        CREATE TYPE mood AS ENUM ('good', 'bad;');
        CREATE DOMAIN positive AS int CHECK (VALUE > 0);
        COMMENT ON TABLE parent IS 'a; comment';
        SELECT lo_from_bytea(0, '\x0102030405');
        """;

    private readonly ImportFixture _imports = new(server);

    [Theory]
    [InlineData("--format=custom", "cat")]
    [InlineData("--format=custom", "gzip")]
    [InlineData("--format=custom", "zstd")]
    [InlineData("--format=plain", "cat")]
    [InlineData("--format=plain", "gzip")]
    [InlineData("--format=plain", "zstd")]
    [InlineData("--format=tar", "cat")]
    [InlineData("--format=tar", "gzip")]
    [InlineData("--format=tar", "zstd")]
    [InlineData("--format=plain --inserts", "cat")]
    [InlineData("--format=plain --clean --if-exists", "cat")]
    public async Task Each_format_loads_with_the_same_contents(string format, string compressor)
    {
        var source = await SourceAsync();
        await _imports.DumpAsync(source, "dump", format.Split(' '));
        await _imports.ShellAsync($"{compressor} < dump > packed");
        await AssertSameAsync(source, "packed");
    }

    [Theory]
    [InlineData("tar -cf packed d")]
    [InlineData("tar -C d -cf packed .")]
    [InlineData("tar -czf packed d")]
    [InlineData("tar -cf - d | zstd > packed")]
    public async Task A_directory_in_a_tar_loads_with_the_same_contents(string pack)
    {
        var source = await SourceAsync();
        await _imports.DumpAsync(source, "dump", "--format=custom");
        await _imports.ShellAsync($"chmod 777 . && rm -rf d && {DirectoryDump(source)} && {pack}");
        await AssertSameAsync(source, "packed");
    }

    [Fact]
    public async Task What_only_a_superuser_makes_is_reported_and_the_rest_loads()
    {
        var source = await SourceAsync();
        await _imports.Dumps.AsSuperuserAsync(
            source,
            """
            CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
            CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION et();
            CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw;
            CREATE PUBLICATION p FOR ALL TABLES; GRANT SELECT ON parent TO PUBLIC;
            CREATE SCHEMA auth; CREATE TABLE auth.users(id int PRIMARY KEY); INSERT INTO auth.users VALUES (1);
            CREATE FUNCTION auth.uid() RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE TABLE profile(id int REFERENCES auth.users); INSERT INTO profile VALUES (1);
            CREATE POLICY p ON profile USING (id = auth.uid());
            DO $$BEGIN CREATE ROLE authenticated_test; EXCEPTION WHEN duplicate_object THEN END$$;
            CREATE POLICY p2 ON profile TO authenticated_test USING (true);
            """);
        foreach (var format in new[] { "--format=plain", "--format=custom" })
        {
            var (result, _) = await _imports.LoadAsync(await _imports.DumpAsync(source, "dump", format), "auth");

            Assert.Contains(result.Inventory.Relations, static r => r is { Schema: "public", Name: "profile", Rows: 1 });
            Assert.DoesNotContain(result.Inventory.Relations, static r => r.Schema == "auth");
            foreach (var type in new[] { "event trigger", "server", "publication", "extension", "fk constraint", "policy", "table" })
            {
                Assert.Contains(result.Report.Skipped, s => s.Type == type);
            }

            Assert.Equal(["citext", "pg_trgm"], result.Report.Extensions.Order(StringComparer.Ordinal));
            Assert.True(result.Report.LoadedObjects["table"] >= 4, string.Join(", ", result.Report.LoadedObjects));
        }
    }

    [Fact]
    public async Task The_object_that_fails_is_named()
    {
        var message = await _imports.RefuseTextAsync("CREATE TABLE a(x int);\nCREATE EXTENSION postgis;\nCREATE TABLE places(g geometry);\n");

        Assert.Contains("Line 3", message, StringComparison.Ordinal);
        Assert.Contains("type \"geometry\" does not exist", message, StringComparison.Ordinal);
        Assert.Contains("postgis (not allowed here)", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_in_another_encoding_is_converted()
    {
        await File.WriteAllBytesAsync(
            _imports.File("latin.sql"),
            [.. "SET client_encoding = 'LATIN1'; CREATE TABLE t(a text); INSERT INTO t VALUES ('"u8, 0xE4, .. "');\nCOPY t FROM stdin;\n"u8, 0xE4, .. "\n\\.\n"u8]);
        await File.WriteAllTextAsync(_imports.File("utf8.sql"), "CREATE TABLE t(a text); INSERT INTO t VALUES ('ä'), ('ä');");
        var latin = await _imports.LoadAsync(_imports.File("latin.sql"));
        var utf8 = await _imports.LoadAsync(_imports.File("utf8.sql"));

        Assert.Equal(utf8.Result.Inventory.Relations.Single().Hash, latin.Result.Inventory.Relations.Single().Hash);
    }

    [Fact]
    public async Task Leftovers_of_a_dead_daemon_are_ended_and_removed()
    {
        var directory = Path.Combine(_imports.Root, "dead", "c", "data");
        Directory.CreateDirectory(directory);
        var info = new System.Diagnostics.ProcessStartInfo("/usr/bin/sleep", ["1000"]) { WorkingDirectory = directory };
        using var orphan = System.Diagnostics.Process.Start(info)!;

        Assert.Equal(1, Quarantine.RemoveLeftovers(_imports.Root));
        await orphan.WaitForExitAsync();
        Assert.Equal(0, Quarantine.RemoveLeftovers(_imports.Root));
        await _imports.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Confinement_says_whether_it_works()
    {
        Assert.Null((await new Confinement().CheckAsync(server.Runner, CancellationToken.None)).Problem);
        Assert.Contains(
            "bwrap", (await new Confinement("postgres", "/nowhere/bwrap").CheckAsync(server.Runner, CancellationToken.None)).Problem, StringComparison.Ordinal);
    }

    public void Dispose() => _imports.Dispose();

    private async Task<DatabaseName> SourceAsync()
    {
        var source = await _imports.Dumps.CreateAsync("foreign");
        await _imports.Dumps.AsSuperuserAsync(source, "CREATE EXTENSION citext; CREATE EXTENSION pg_trgm");
        await _imports.Dumps.PsqlAsync(source, $"SET SESSION AUTHORIZATION \"{_imports.Dumps.Owner}\"; SET search_path = public; {Content}");
        return source;
    }

    private string DirectoryDump(DatabaseName source) =>
        $"su postgres -s /bin/sh -c \"PGHOST={server.Endpoint.SocketDirectory} PGPORT={server.Endpoint.Port} PGUSER={server.Endpoint.AdminRole} "
        + $"{server.Binaries.NewestServer().PathOf("pg_dump")} --format=directory --file={_imports.Directory}/d {source}\"";

    private async Task AssertSameAsync(DatabaseName source, string file)
    {
        var expected = await _imports.Dumps.ReadAsync(source);
        var (result, archive) = await _imports.LoadAsync(_imports.File(file));

        Assert.Empty(InventoryComparison.Compare(expected, result.Inventory));
        Assert.Equal(["citext", "pg_trgm"], result.Report.Extensions.Order(StringComparer.Ordinal));
        var restored = await _imports.Dumps.RestoreAsync(result.Inventory, archive);
        Assert.Empty(InventoryComparison.Compare(expected, await _imports.Dumps.ReadAsync(restored)));
    }
}
