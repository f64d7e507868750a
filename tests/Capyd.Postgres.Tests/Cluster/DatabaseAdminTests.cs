using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Tests.Cluster;

[Collection(nameof(TemporaryCluster))]
public sealed class DatabaseAdminTests(TemporaryCluster server)
{
    private static readonly IReadOnlyDictionary<string, string> NoSettings = new Dictionary<string, string>();

    private readonly DatabaseAdmin _databases = new(server.Cluster);
    private readonly Password _password = Password.Random();

    [Fact]
    public async Task A_database_belongs_to_its_owner_and_is_closed_to_others()
    {
        var name = DatabaseName.Parse("shop \"1'; drop --");
        var (owner, stranger) = (await RoleAsync("shop_owner"), await RoleAsync("shop_stranger"));
        var settings = new Dictionary<string, string> { ["search_path"] = "\"$user\", public", ["app.tenant"] = "it's" };
        var spec = new DatabaseSpec(name, owner, null, settings, 7, "mark");
        await _databases.ProvisionAsync(spec, CancellationToken.None);
        await _databases.ProvisionAsync(spec, CancellationToken.None);

        await using var session = await server.LoginAsync(name.ToString(), owner, _password);
        await session.ExecuteAsync("CREATE TABLE t (a int); CREATE SCHEMA own", CancellationToken.None);
        Assert.Equal("\"$user\", public", await session.ScalarAsync<string>("SHOW search_path", CancellationToken.None));
        Assert.Equal("it's", await session.ScalarAsync<string>("SHOW app.tenant", CancellationToken.None));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => server.LoginAsync(name.ToString(), stranger, _password));
        Assert.Equal("42501", refused.SqlState);
        Assert.Equal("mark", Assert.Single(await _databases.ListAsync("shop \"", CancellationToken.None)).Marker);
        Assert.True(await _databases.SizeAsync(name, CancellationToken.None) > 1_000_000);
        Assert.Contains(await _databases.MeasureAsync(CancellationToken.None), m => m.Name == name && m.Connections == 1 && m.SizeBytes > 1_000_000);
    }

    [Fact]
    public async Task A_crash_right_after_creation_is_made_good()
    {
        var owner = await RoleAsync("crash_owner");
        await server.ExecuteAsync(null, "CREATE DATABASE crashed TEMPLATE template0 ALLOW_CONNECTIONS false");

        await _databases.ProvisionAsync(new DatabaseSpec(DatabaseName.Parse("crashed"), owner, null, NoSettings, Marker: "m"), CancellationToken.None);

        await using var session = await server.LoginAsync("crashed", owner, _password);
        await session.ExecuteAsync("CREATE TABLE t ()", CancellationToken.None);
    }

    [Fact]
    public async Task Somebody_elses_database_is_left_alone()
    {
        await server.ExecuteAsync(null, "CREATE DATABASE foreign_db");
        var spec = new DatabaseSpec(DatabaseName.Parse("foreign_db"), await RoleAsync("greedy"), null, NoSettings, Marker: "m");

        await Assert.ThrowsAsync<PostgresFailedException>(() => _databases.ProvisionAsync(spec, CancellationToken.None));

        Assert.Equal("capyd", await server.ScalarAsync<string>(null, "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = 'foreign_db'"));
    }

    [Fact]
    public async Task A_locale_is_kept()
    {
        var locale = new DatabaseLocale("UTF8", "C", "C", "icu", "de-DE");
        await ProvisionAsync("german", locale);

        Assert.Equal("i de-DE", await server.ScalarAsync<string>(null, "SELECT datlocprovider::text || ' ' || daticulocale FROM pg_database WHERE datname = 'german'"));
    }

    [Fact]
    public async Task Extensions_are_created_once_and_unknown_ones_left_out()
    {
        var name = await ProvisionAsync("extended");
        string[] wanted = ["earthdistance", "citext", "plpgsql", "no_such_thing"];

        Assert.Equal(["citext", "earthdistance"], await _databases.EnsureExtensionsAsync(name, wanted, CancellationToken.None));
        Assert.Empty(await _databases.EnsureExtensionsAsync(name, wanted, CancellationToken.None));
    }

    [Fact]
    public async Task What_surrounds_a_database_is_copied_for_the_roles_there_are()
    {
        var name = await ProvisionAsync("surrounded");
        await RoleAsync("present");
        var missing = new DatabaseSetting("absent", "work_mem", "8MB");
        DatabaseSetting[] settings = [new(null, "work_mem", "5MB"), new("present", "work_mem", "6MB"), missing];

        Assert.Equal([missing], await _databases.CopyDatabaseLevelAsync(new DatabaseProperties(name, 9, settings), CancellationToken.None));

        Assert.Equal(2, await server.ScalarAsync<long>(null, "SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = setdatabase WHERE datname = 'surrounded'"));
        Assert.Equal(9, await server.ScalarAsync<int>(null, "SELECT datconnlimit FROM pg_database WHERE datname = 'surrounded'"));
    }

    [Fact]
    public async Task Dropping_ends_sessions_and_may_be_repeated()
    {
        var name = await ProvisionAsync("doomed");
        await using var session = await server.LoginAsync("doomed", RoleName.Parse("doomed_owner"), _password);
        await server.ExecuteAsync(null, "ALTER DATABASE doomed IS_TEMPLATE true");

        await _databases.DropAsync(name, CancellationToken.None);
        await _databases.DropAsync(name, CancellationToken.None);

        Assert.False(await _databases.ExistsAsync(name, CancellationToken.None));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => session.ScalarAsync<int>("SELECT 1", CancellationToken.None));
    }

    [Fact]
    public async Task A_half_dropped_database_is_finished()
    {
        var name = await ProvisionAsync("half_dropped");
        await server.ExecuteAsync(null, "UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'half_dropped'");

        await _databases.DropAsync(name, CancellationToken.None);

        Assert.False(await _databases.ExistsAsync(name, CancellationToken.None));
    }

    [Fact]
    public async Task A_subscription_holds_its_database_and_is_named()
    {
        var name = await ProvisionAsync("subscribed");
        await server.ExecuteAsync("subscribed", "CREATE SUBSCRIPTION news CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false)");

        var failure = await Assert.ThrowsAsync<PostgresFailedException>(() => _databases.DropAsync(name, CancellationToken.None));

        Assert.Contains("subscription news", failure.Message, StringComparison.Ordinal);
        await server.ExecuteAsync("subscribed", "ALTER SUBSCRIPTION news SET (slot_name = NONE)");
        await server.ExecuteAsync("subscribed", "DROP SUBSCRIPTION news");
        await _databases.DropAsync(name, CancellationToken.None);
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("template1")]
    public async Task The_servers_own_databases_are_not_dropped(string name) =>
        await Assert.ThrowsAsync<PostgresFailedException>(() => _databases.DropAsync(DatabaseName.Parse(name), CancellationToken.None));

    [Fact]
    public async Task Sessions_are_ended_by_the_name_of_their_application()
    {
        await using var old = await server.Cluster.OpenAsync(DatabaseName.Parse("template1"), "capyd/boot-1 dump", CancellationToken.None);
        await using var current = await server.Cluster.OpenAsync(DatabaseName.Parse("template1"), "capyd/boot-2 dump", CancellationToken.None);

        Assert.Equal(1, await _databases.TerminateByApplicationAsync("capyd/boot-1", CancellationToken.None));

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => old.ScalarAsync<int>("SELECT 1", CancellationToken.None));
        Assert.Equal(1, await current.ScalarAsync<int>("SELECT 1", CancellationToken.None));
    }

    private async Task<RoleName> RoleAsync(string name)
    {
        var role = RoleName.Parse(name);
        await new RoleAdmin(server.Cluster).EnsureAsync(new RoleSpec(role, _password, -1, "test"), CancellationToken.None);
        return role;
    }

    private async Task<DatabaseName> ProvisionAsync(string name, DatabaseLocale? locale = null)
    {
        var database = DatabaseName.Parse(name);
        await _databases.ProvisionAsync(
            new DatabaseSpec(database, await RoleAsync(name + "_owner"), locale, NoSettings, Marker: "test"), CancellationToken.None);
        return database;
    }
}
