using Capyd.Postgres.Clones;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Npgsql;

namespace Capyd.Postgres.Tests.Clones;

[Collection(nameof(TemporaryCluster))]
public sealed class DatabaseCloneTests(TemporaryCluster server)
{
    private const string Plain =
        """
        CREATE TABLE t(id serial PRIMARY KEY, v text, n numeric, at timestamptz DEFAULT now());
        INSERT INTO t(v, n) SELECT repeat(md5(i::text), 4), i / 7.0 FROM generate_series(1, 30000) i;
        CREATE INDEX t_v ON t(v);
        CREATE TABLE child(id int PRIMARY KEY, parent int REFERENCES t);
        INSERT INTO child SELECT i, i FROM generate_series(1, 1000) i;
        """;

    private const string StrangersOfTheCopy =
        """
        SELECT string_agg(DISTINCT r.rolname, ',') FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid AND d.datname = current_database()
        JOIN pg_roles r ON r.oid = s.refobjid AND NOT r.rolsuper WHERE s.deptype IN ('o', 'a')
        """;

    private readonly CloneFixture _clones = new(server);

    /// <summary>A session that was closed a moment ago may not be gone on the server.</summary>
    private Task NobodyIsConnectedAsync(DatabaseName source) =>
        server.UntilAsync(null, $"SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = {SqlIdentifier.Literal(source.ToString())})");

    [Fact]
    public async Task A_rich_database_is_the_same_when_its_snapshot_is_copied()
    {
        var source = await _clones.Sources.CreateRichAsync();
        var before = await _clones.Sources.ReadAsync(source);
        var (clone, result) = await _clones.CloneAsync(source);

        Assert.Equal(CloneResult.Dump, result.Method);
        Assert.Contains("what only a superuser makes", result.Reason, StringComparison.Ordinal);
        Assert.Empty(result.Differences);
        Assert.Empty(InventoryComparison.Compare(before, await _clones.Sources.ReadAsync(clone, before)));
        Assert.Equal(_clones.Owner.ToString(), await StrangersAsync(clone));
    }

    [Fact]
    public async Task A_rich_database_is_the_same_when_its_files_are_copied()
    {
        var source = await _clones.Sources.CreateRichAsync();
        await _clones.Sources.AsSuperuserAsync(
            source,
            """
            DROP EVENT TRIGGER evt; DROP PUBLICATION puball; DROP EXTENSION postgres_fdw CASCADE;
            GRANT SELECT ON main, of_superuser TO rich_reader; GRANT SELECT (id) ON ref TO rich_reader; GRANT USAGE ON SCHEMA app TO rich_reader;
            GRANT EXECUTE ON FUNCTION app.f(int, text[]) TO rich_reader; GRANT USAGE ON TYPE app.mood TO rich_reader; GRANT USAGE ON SEQUENCE s2 TO rich_reader;
            """);
        await _clones.Sources.AsSuperuserAsync(source, $"GRANT SELECT, INSERT ON of_superuser TO {SqlIdentifier.Quote(_clones.Sources.Owner.ToString())}");
        var before = await _clones.Sources.ReadAsync(source);
        await NobodyIsConnectedAsync(source);
        var (clone, result) = await _clones.CloneAsync(source);

        Assert.Equal((CloneResult.Template, "nobody was connected"), (result.Method, result.Reason));
        Assert.Empty(InventoryComparison.Compare(before, await _clones.Sources.ReadAsync(clone, before)));
        Assert.Equal(_clones.Owner.ToString(), await StrangersAsync(clone));
        Assert.Equal(_clones.Sources.Owner.ToString(), await OwnerAsync(source));
        Assert.Equal(_clones.Owner.ToString(), await OwnerAsync(clone));
    }

    [Theory]
    [InlineData(long.MaxValue, CloneResult.Template)]
    [InlineData(0, CloneResult.Dump)]
    public async Task The_copy_is_its_owners_alone_and_the_source_stays_as_it_was(long templateMaxBytes, string method)
    {
        var source = await _clones.Sources.CreateAsync("plain");
        await _clones.Sources.AsTenantAsync(source, Plain);
        await server.ExecuteAsync(null, $"ALTER DATABASE \"{source}\" SET work_mem = '5MB'");
        await NobodyIsConnectedAsync(source);
        var (clone, result) = await _clones.CloneAsync(source, templateMaxBytes);

        Assert.Equal(method, result.Method);
        Assert.Empty(result.Differences);
        await using var owner = await server.LoginAsync(clone.ToString(), _clones.Owner, _clones.Password);
        await owner.ExecuteAsync("ALTER TABLE t ADD extra int; DROP TABLE child; CREATE TABLE mine(); INSERT INTO t(v) VALUES ('new')", CancellationToken.None);
        Assert.Equal("5MB 9s", await owner.ScalarAsync<string>("SELECT concat_ws(' ', current_setting('work_mem'), current_setting('statement_timeout'))", CancellationToken.None));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => server.LoginAsync(clone.ToString(), _clones.Sources.Owner, _clones.Sources.Password));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        refused = await Assert.ThrowsAsync<PostgresException>(() => server.LoginAsync(source.ToString(), _clones.Owner, _clones.Password));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        Assert.Equal(30000, await server.ScalarAsync<long>(source.ToString(), "SELECT count(*) FROM public.t"));
    }

    [Fact]
    public async Task A_session_in_the_source_is_not_held_up_and_gets_a_copy_of_the_snapshot()
    {
        var source = await _clones.Sources.CreateAsync("used");
        await _clones.Sources.AsTenantAsync(source, Plain);
        await using var session = await server.LoginAsync(source.ToString(), _clones.Sources.Owner, _clones.Sources.Password);
        var (clone, result) = await _clones.CloneAsync(source);

        Assert.Equal((CloneResult.Dump, "sessions are connected: 1"), (result.Method, result.Reason));
        Assert.Empty(result.Differences);
        Assert.Equal((2, 31000), (result.Relations, result.Rows));
        Assert.Equal(1, await server.ScalarAsync<long>(clone.ToString(), "SELECT count(*) FROM pg_stat_user_tables WHERE relname = 't' AND last_analyze IS NOT NULL"));
    }

    [Fact]
    public async Task A_newcomer_ends_the_copy_of_files_and_does_not_wait_for_it()
    {
        var source = await _clones.Sources.CreateAsync("newcomer");
        await _clones.Sources.AsTenantAsync(source, "CREATE TABLE big AS SELECT i, repeat(md5(i::text), 30) v FROM generate_series(1, 300000) i");
        await NobodyIsConnectedAsync(source);
        NpgsqlConnection? newcomer = null;
        var waited = TimeSpan.Zero;
        Task? arrival = null;
        var (_, result) = await _clones.CloneAsync(source, progress: (phase, _) => arrival ??= phase == "template" ? Task.Run(ArriveAsync) : null);
        await arrival!;
        await newcomer!.DisposeAsync();

        Assert.Equal(CloneResult.Dump, result.Method);
        Assert.Empty(result.Differences);
        Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromSeconds(2));

        async Task ArriveAsync()
        {
            var started = TimeProvider.System.GetTimestamp();
            newcomer = await server.LoginAsync(source.ToString(), _clones.Sources.Owner, _clones.Sources.Password);
            waited = TimeProvider.System.GetElapsedTime(started);
        }
    }

    [Theory]
    [InlineData("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO rich_reader", "default privileges")]
    [InlineData("CREATE EXTENSION citext", "extension citext")]
    public async Task What_cannot_be_given_away_is_not_copied_as_files(string statement, string reason)
    {
        var source = await _clones.Sources.CreateAsync("obstacle");
        await _clones.Sources.AsSuperuserAsync(source, "DO $$BEGIN CREATE ROLE rich_reader NOLOGIN; EXCEPTION WHEN duplicate_object THEN END$$");
        await _clones.Sources.AsTenantAsync(source, statement);
        await NobodyIsConnectedAsync(source);
        var (clone, result) = await _clones.CloneAsync(source);

        Assert.Equal(CloneResult.Dump, result.Method);
        Assert.Contains(reason, result.Reason, StringComparison.Ordinal);
        Assert.Empty(result.Differences);
        Assert.Equal(_clones.Owner.ToString(), await StrangersAsync(clone) ?? _clones.Owner.ToString());
    }

    [Fact]
    public async Task Under_writes_the_copy_is_one_moment()
    {
        var source = await _clones.Sources.CreateAsync("busy");
        await _clones.Sources.AsTenantAsync(
            source,
            """
            CREATE TABLE a(id int PRIMARY KEY, v text); INSERT INTO a SELECT i, repeat(md5(i::text), 9) FROM generate_series(1, 20000) i;
            CREATE TABLE b(id int PRIMARY KEY, v text); INSERT INTO b SELECT i, repeat(md5(i::text), 9) FROM generate_series(1, 20000) i;
            """);
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            for (var i = 20001; !stop.IsCancellationRequested; i++)
            {
                await _clones.Sources.AsTenantAsync(source, $"INSERT INTO a VALUES ({i}); INSERT INTO b VALUES ({i}); DELETE FROM a WHERE id = {i} - 20000; DELETE FROM b WHERE id = {i} - 20000");
            }
        });
        var (clone, result) = await _clones.CloneAsync(source, templateMaxBytes: 0);
        await stop.CancelAsync();
        await writer;

        Assert.Empty(result.Differences);
        Assert.Equal(
            await server.ScalarAsync<string>(clone.ToString(), "SELECT min(id) || '-' || max(id) FROM public.a"),
            await server.ScalarAsync<string>(clone.ToString(), "SELECT min(id) || '-' || max(id) FROM public.b"));
    }

    [Fact]
    public async Task A_tenants_code_never_runs_with_the_rights_of_a_superuser()
    {
        var source = await _clones.Sources.CreateAsync("hostile");
        await _clones.Sources.AsTenantAsync(
            source,
            """
            CREATE FUNCTION attack() RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
            BEGIN
              IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN RAISE EXCEPTION 'ran as %', current_user; END IF;
              BEGIN EXECUTE 'RESET ROLE'; EXCEPTION WHEN OTHERS THEN END;
              IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN RAISE EXCEPTION 'escaped to %', current_user; END IF;
              RETURN 'x';
            END $$;
            CREATE DOMAIN evil_text AS text CHECK (attack() = 'x');
            CREATE TABLE t(id int, v evil_text, g text GENERATED ALWAYS AS (attack() || id::text) STORED, CHECK (attack() = 'x'));
            INSERT INTO t(id, v) SELECT i, repeat(md5(i::text), 20) FROM generate_series(1, 5000) i;
            CREATE INDEX evil ON t ((attack() || id::text));
            CREATE VIEW w AS SELECT attack(); CREATE MATERIALIZED VIEW m AS SELECT attack();
            CREATE FUNCTION lower(text) RETURNS text LANGUAGE sql AS 'SELECT attack()';
            """);
        foreach (var most in new[] { 0, long.MaxValue })
        {
            Assert.Empty((await _clones.CloneAsync(source, most)).Result.Differences);
        }
    }

    [Fact]
    public async Task A_source_that_is_not_there_is_named()
    {
        var error = await Assert.ThrowsAsync<PostgresFailedException>(() => _clones.CloneAsync(DatabaseName.Parse("nowhere")));
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    private Task<string?> StrangersAsync(DatabaseName database) => server.ScalarAsync<string>(database.ToString(), StrangersOfTheCopy);

    private Task<string?> OwnerAsync(DatabaseName database) =>
        server.ScalarAsync<string>(null, $"SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = '{database}'");
}
