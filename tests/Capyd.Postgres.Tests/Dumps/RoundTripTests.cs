using System.Text.Json;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;

namespace Capyd.Postgres.Tests.Dumps;

[Collection(nameof(TemporaryCluster))]
public sealed class RoundTripTests(TemporaryCluster server)
{
    private readonly DumpFixture _dumps = new(server);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_rich_database_comes_back_the_same_through_an_unprivileged_role(int jobs)
    {
        var source = await _dumps.CreateRichAsync();
        var (inventory, archive) = await _dumps.DumpAsync(source);
        var restored = await _dumps.RestoreAsync(inventory, archive, jobs);
        var actual = await _dumps.ReadRestoredAsync(restored, inventory);

        Assert.Empty(InventoryComparison.Compare(inventory, actual));
        Assert.Empty(InventoryComparison.Compare(inventory, await _dumps.ReadAsync(restored, inventory)));
        Assert.Equal(inventory.SchemaFingerprint, actual.SchemaFingerprint);
        Assert.Contains(inventory.Relations, r => r is { Name: "of_superuser", Rows: 50 } && r.Hash!.StartsWith("copy:", StringComparison.Ordinal));
        Assert.Contains(inventory.Relations, r => r is { Name: "main", Rows: 500 } && !r.Hash!.StartsWith("copy:", StringComparison.Ordinal));
        Assert.Equal(3, inventory.LargeObjects.Count);
        Assert.Equal(
            ["event trigger", "foreign table", "publication", "server", "user mapping"],
            inventory.Skipped.Select(static s => s.Type).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(inventory.SchemaObjects, o => o.Identity.Contains("puball", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_inventory_survives_its_json()
    {
        var database = await _dumps.CreateRichAsync();
        var inventory = await _dumps.ReadAsync(database);
        var json = JsonSerializer.Serialize(inventory, InventoryJson.Default.Inventory);
        var back = JsonSerializer.Deserialize(json, InventoryJson.Default.Inventory)!;

        Assert.Empty(InventoryComparison.Compare(inventory, back));
        Assert.Equal(json, JsonSerializer.Serialize(back, InventoryJson.Default.Inventory));
        Assert.Contains("\"schema_fingerprint\":", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_the_database_do_not_break_a_restore()
    {
        var source = await _dumps.CreateAsync("settings");
        await _dumps.AsTenantAsync(source, "CREATE TABLE t AS SELECT i, ARRAY[i, NULL] a FROM generate_series(1, 1000) i");
        var (inventory, archive) = await _dumps.DumpAsync(source);
        var target = await _dumps.CreateAsync("hostile");
        foreach (var setting in new[]
        {
            "statement_timeout = 1", "default_transaction_read_only = on", "array_nulls = off", "search_path = nowhere", "lock_timeout = 1",
        })
        {
            await server.ExecuteAsync(null, $"ALTER DATABASE \"{target}\" SET {setting}");
        }

        await _dumps.RestoreIntoAsync(target, inventory, archive);

        Assert.Empty(InventoryComparison.Compare(inventory, await _dumps.ReadAsync(target)));
    }

    [Fact]
    public async Task A_database_without_public_schema_comes_back_without_it()
    {
        var source = await _dumps.CreateAsync("nopublic");
        await _dumps.AsTenantAsync(source, "DROP SCHEMA public; CREATE SCHEMA app; CREATE TABLE app.t(a int)");
        var (inventory, archive) = await _dumps.DumpAsync(source);
        var actual = await _dumps.ReadAsync(await _dumps.RestoreAsync(inventory, archive));

        Assert.Empty(InventoryComparison.Compare(inventory, actual));
        Assert.Equal(["app"], actual.Schemas);
    }

    [Fact]
    public async Task Under_concurrent_writes_the_inventory_equals_the_archive()
    {
        var source = await _dumps.CreateAsync("busy");
        await _dumps.AsTenantAsync(
            source, "CREATE TABLE t(id serial PRIMARY KEY, v text); INSERT INTO t(v) SELECT md5(i::text) FROM generate_series(1, 20000) i");
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await _dumps.AsTenantAsync(
                    source, "INSERT INTO t(v) SELECT random()::text FROM generate_series(1, 50); UPDATE t SET v = random()::text WHERE id % 97 = 1");
            }
        });
        var (inventory, archive) = await _dumps.DumpAsync(source);
        await stop.CancelAsync();
        await writer;

        Assert.Empty(InventoryComparison.Compare(inventory, await _dumps.ReadAsync(await _dumps.RestoreAsync(inventory, archive))));
    }

    [Fact]
    public async Task Extensions_are_not_made_beside_what_a_tenant_put_there()
    {
        var source = await _dumps.CreateAsync("ground");
        await _dumps.AsSuperuserAsync(source, "CREATE EXTENSION citext SCHEMA public");
        var (inventory, archive) = await _dumps.DumpAsync(source);
        var target = await _dumps.CreateAsync("trap");
        await _dumps.AsTenantAsync(target, "CREATE FUNCTION lower(text) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'");

        var error = await Assert.ThrowsAsync<PostgresFailedException>(() => _dumps.RestoreIntoAsync(target, inventory, archive));

        Assert.Contains("not fresh", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_are_frozen_and_read_while_others_are_loaded_and_read_again_only_where_they_changed()
    {
        var source = await _dumps.CreateAsync("loaded");
        await _dumps.AsTenantAsync(
            source,
            "CREATE TABLE \"a\nb\"(id serial PRIMARY KEY, v text); INSERT INTO \"a\nb\"(v) SELECT md5(i::text) FROM generate_series(1, 20000) i;"
            + "CREATE TABLE other AS SELECT i FROM generate_series(1, 1000) i");
        var (inventory, archive) = await _dumps.DumpAsync(source);
        var restored = await _dumps.RestoreAsync(inventory, archive, jobs: 2);

        var frozen = await server.ScalarAsync<string>(restored.ToString(), "SELECT min(relallvisible::float / relpages)::text FROM pg_class WHERE relname IN ('other', E'a\\nb')");
        Assert.Equal("1", frozen);
        Assert.Equal(2, _dumps.Loaded.Count);
        Assert.Empty(InventoryComparison.Compare(inventory, await _dumps.ReadRestoredAsync(restored, inventory)));

        await _dumps.AsTenantAsync(restored, "UPDATE other SET i = 5000 WHERE i = 1");
        await server.UntilAsync(restored.ToString(), "SELECT n_tup_upd = 1 FROM pg_stat_all_tables WHERE relname = 'other'");
        var difference = Assert.Single(InventoryComparison.Compare(inventory, await _dumps.ReadRestoredAsync(restored, inventory)));
        Assert.Equal("table public.other", difference.Subject);
    }
}
