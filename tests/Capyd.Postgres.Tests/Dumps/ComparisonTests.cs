using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;

namespace Capyd.Postgres.Tests.Dumps;

[Collection(nameof(TemporaryCluster))]
public sealed class ComparisonTests(TemporaryCluster server)
{
    private const string Schema =
        """
        CREATE TABLE t(id int PRIMARY KEY, a text, b text);
        INSERT INTO t VALUES (1, 'x', 'y'), (2, 'y', 'x');
        CREATE INDEX t_a ON t(a);
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE SEQUENCE s;
        SELECT nextval('s');
        """;

    private readonly DumpFixture _dumps = new(server);

    [Theory]
    [InlineData("UPDATE t SET a = 'z' WHERE id = 1", "table public.t", "contents differ")]
    [InlineData("UPDATE t SET a = b, b = a", "table public.t", "contents differ")]
    [InlineData("DELETE FROM t WHERE id = 1", "table public.t", "rows: 2 expected, 1 found")]
    [InlineData("DROP TABLE t", "table public.t", "missing")]
    [InlineData("CREATE TABLE more()", "table public.more", "not expected")]
    [InlineData("DROP INDEX t_a", "index public.t_a", "missing")]
    [InlineData("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'", "function public.f()", "definition differs")]
    [InlineData("SELECT nextval('s')", "sequence public.s", "last value")]
    [InlineData("ALTER TABLE t ALTER a SET NOT NULL", "table column public.t.a", "definition differs")]
    [InlineData("SELECT lo_create(0)", "large objects", "count")]
    public async Task A_difference_is_named(string change, string subject, string what)
    {
        var database = await _dumps.CreateAsync("compare");
        await _dumps.AsTenantAsync(database, Schema);
        var before = await _dumps.ReadAsync(database);
        await _dumps.AsTenantAsync(database, change);
        var after = await _dumps.ReadAsync(database);

        Assert.Contains(
            InventoryComparison.Compare(before, after),
            d => d.Subject == subject && d.What.StartsWith(what, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(5L, 9L, 7L, true)]
    [InlineData(5L, 9L, 10L, false)]
    [InlineData(9L, 5L, 7L, true)]
    [InlineData(null, null, null, true)]
    [InlineData(null, null, 1L, false)]
    [InlineData(null, 3L, null, true)]
    [InlineData(5L, 5L, null, false)]
    public void A_sequence_may_lie_anywhere_between_its_two_readings(long? low, long? high, long? found, bool admitted) =>
        Assert.Equal(admitted, new InventorySequence("s", "s", low, high).Admits(found));

    [Fact]
    public async Task A_tenants_code_never_runs_with_the_rights_of_the_reader()
    {
        var database = await _dumps.CreateAsync("hostile");
        await _dumps.AsTenantAsync(
            database,
            """
            CREATE TYPE pair AS (a int, b int);
            CREATE TABLE t(id int, p pair, i int);
            INSERT INTO t VALUES (1, (1, 2), 3);
            CREATE FUNCTION attack() RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
            BEGIN
              IF current_user <> 'OWNER' THEN RAISE EXCEPTION 'ran as %', current_user; END IF;
              BEGIN
                EXECUTE 'RESET ROLE'; EXECUTE 'RESET SESSION AUTHORIZATION';
              EXCEPTION WHEN OTHERS THEN END;
              IF current_user <> 'OWNER' THEN RAISE EXCEPTION 'escaped to %', current_user; END IF;
              PERFORM set_config('search_path', 'public', false), set_config('datestyle', 'German', false);
              RETURN 'x';
            END $$;
            CREATE INDEX evil ON t ((attack() || i::text));
            CREATE FUNCTION cast_attack(pair) RETURNS text LANGUAGE sql AS 'SELECT attack()';
            CREATE CAST (pair AS text) WITH FUNCTION cast_attack(pair) AS IMPLICIT;
            """.Replace("OWNER", _dumps.Owner.ToString(), StringComparison.Ordinal)
                + "CREATE TABLE forced(i int); ALTER TABLE forced ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
                + "INSERT INTO t SELECT 1, ROW(i, i)::pair, i FROM generate_series(1, 100) i; CREATE INDEX evil2 ON forced ((attack() || i::text));"
                + "CREATE FUNCTION count() RETURNS bigint LANGUAGE sql AS 'SELECT 1/0';");
        var (inventory, archive) = await _dumps.DumpAsync(database);
        var restored = await _dumps.RestoreAsync(inventory, archive);

        Assert.Empty(InventoryComparison.Compare(inventory, await _dumps.ReadAsync(restored, inventory)));
        Assert.Contains(inventory.Relations, static r => r is { Name: "t", Rows: 101 });
    }

    [Fact]
    public async Task A_failing_dump_names_the_reason()
    {
        var error = await Assert.ThrowsAsync<PostgresFailedException>(() => _dumps.DumpAsync(DatabaseName.Parse("nowhere")));
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
        Assert.Equal(RetryClass.Permanent, error.Retry);
    }

    [Fact]
    public async Task When_the_receiver_of_the_archive_fails_its_error_is_reported_and_nothing_is_left_running()
    {
        var database = await _dumps.CreateAsync("receiver");
        await _dumps.AsTenantAsync(database, Schema);
        var dump = new SnapshotDump(server.Cluster, server.Binaries, server.Runner);
        var request = new DumpRequest(database, "test receiver", static (_, _) => throw new IOException("no space"));

        var error = await Assert.ThrowsAsync<IOException>(() => dump.RunAsync(request, CancellationToken.None));

        Assert.Equal("no space", error.Message);
    }
}
