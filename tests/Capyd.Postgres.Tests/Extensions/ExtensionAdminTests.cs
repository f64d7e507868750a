using Capyd.Postgres.Cluster;
using Capyd.Postgres.Extensions;
using Npgsql;

namespace Capyd.Postgres.Tests.Extensions;

[Collection(nameof(TemporaryCluster))]
public sealed class ExtensionAdminTests(TemporaryCluster server)
{
    private const string AppName = "capyd:test";

    private readonly ExtensionAdmin _extensions = new(server.Cluster);
    private readonly Password _password = Password.Random();

    /// <summary>A trigger of the superuser writes down where the scripts look for names.</summary>
    private const string Witness = """
        CREATE SCHEMA witness;
        CREATE TABLE witness.paths (path text);
        CREATE FUNCTION witness.note() RETURNS event_trigger LANGUAGE plpgsql AS
          $$ BEGIN INSERT INTO witness.paths VALUES (pg_catalog.current_setting('search_path')); END $$;
        CREATE EVENT TRIGGER note ON ddl_command_end WHEN TAG IN ('CREATE FUNCTION', 'CREATE TYPE', 'CREATE OPERATOR', 'ALTER FUNCTION')
          EXECUTE FUNCTION witness.note();
        """;

    [Theory]
    [InlineData("bloom")]
    [InlineData("btree_gin")]
    [InlineData("btree_gist")]
    [InlineData("citext")]
    [InlineData("cube")]
    [InlineData("dict_int")]
    [InlineData("dict_xsyn")]
    [InlineData("fuzzystrmatch")]
    [InlineData("hstore")]
    [InlineData("intarray")]
    [InlineData("isn")]
    [InlineData("lo")]
    [InlineData("ltree")]
    [InlineData("moddatetime")]
    [InlineData("pg_stat_statements")]
    [InlineData("pg_trgm")]
    [InlineData("pgcrypto")]
    [InlineData("seg")]
    [InlineData("tablefunc")]
    [InlineData("tcn")]
    [InlineData("tsm_system_rows")]
    [InlineData("tsm_system_time")]
    [InlineData("unaccent")]
    [InlineData("uuid-ossp")]
    public async Task An_extension_is_made_where_no_tenant_can_be_and_ends_in_public(string extension)
    {
        var (database, owner) = await DatabaseAsync($"ext_{extension}");
        await server.ExecuteAsync(database.ToString(), Witness);
        await using var tenant = await server.LoginAsync(database.ToString(), owner, _password);
        await EnableAsync(database, extension);
        await EnableAsync(database, extension);

        Assert.Equal("public", await SchemaOfAsync(database, extension));
        Assert.False(await server.ScalarAsync<bool>(database.ToString(), "SELECT EXISTS (SELECT FROM witness.paths WHERE path LIKE '%public%')"));
        Assert.Equal(0, await server.ScalarAsync<long>(database.ToString(), "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'capyd%'"));
        Assert.Equal(1, await tenant.ScalarAsync<int>("SELECT 1", CancellationToken.None));
        Assert.NotNull((await _extensions.ListAsync(database, CancellationToken.None)).Single(e => e.Name == extension).InstalledVersion);

        await _extensions.DisableAsync(new ExtensionWork(database, extension, AppName), CancellationToken.None);
        await _extensions.DisableAsync(new ExtensionWork(database, extension, AppName), CancellationToken.None);
        Assert.Null(await SchemaOfAsync(database, extension));
    }

    [Fact]
    public async Task What_needs_another_extension_is_made_while_nobody_else_is_there()
    {
        var (database, owner) = await DatabaseAsync("ext_quiet");
        var tenant = await server.LoginAsync(database.ToString(), owner, _password);
        await EnableAsync(database, "earthdistance");

        Assert.Equal("public", await SchemaOfAsync(database, "earthdistance"));
        Assert.Equal("public", await SchemaOfAsync(database, "cube"));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => tenant.ScalarAsync<int>("SELECT 1", CancellationToken.None));
        await using var again = await server.LoginAsync(database.ToString(), owner, _password);
        Assert.True(await again.ScalarAsync<bool>("SELECT earth_distance(ll_to_earth(0, 0), ll_to_earth(0, 1)) > 100000", CancellationToken.None));
        var refused = await Assert.ThrowsAsync<PostgresFailedException>(() => _extensions.DisableAsync(new ExtensionWork(database, "cube", AppName), CancellationToken.None));
        Assert.Contains("extension earthdistance", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routines_that_its_script_could_call_are_named_and_nobody_is_disturbed()
    {
        var (database, owner) = await DatabaseAsync("ext_strangers");
        await using var tenant = await server.LoginAsync(database.ToString(), owner, _password);
        await tenant.ExecuteAsync("CREATE FUNCTION public.cube_distance(text, text) RETURNS text LANGUAGE sql AS 'SELECT 1::text'", CancellationToken.None);

        var refused = await Assert.ThrowsAsync<PostgresFailedException>(() => EnableAsync(database, "earthdistance"));

        Assert.Contains("function public.cube_distance(text,text)", refused.Message, StringComparison.Ordinal);
        Assert.Equal(RetryClass.Permanent, refused.Retry);
        Assert.Equal(1, await tenant.ScalarAsync<int>("SELECT 1", CancellationToken.None));
    }

    /// <summary>Who owns an extension can make anything a part of it.</summary>
    [Fact]
    public async Task What_a_tenant_added_to_an_extension_of_his_own_is_not_trusted()
    {
        var (database, owner) = await DatabaseAsync("ext_member");
        await using var tenant = await server.LoginAsync(database.ToString(), owner, _password);
        await tenant.ExecuteAsync("CREATE EXTENSION hstore SCHEMA public VERSION '1.4'", CancellationToken.None);
        await tenant.ExecuteAsync("CREATE SCHEMA own", CancellationToken.None);
        await tenant.ExecuteAsync("CREATE EXTENSION cube SCHEMA own", CancellationToken.None);
        await tenant.ExecuteAsync("CREATE FUNCTION public.evil(text) RETURNS text LANGUAGE sql AS 'SELECT 1::text'", CancellationToken.None);
        await tenant.ExecuteAsync("ALTER EXTENSION hstore ADD FUNCTION public.evil(text)", CancellationToken.None);

        var update = await Assert.ThrowsAsync<PostgresFailedException>(() => _extensions.UpdateAsync(new ExtensionWork(database, "hstore", AppName), CancellationToken.None));
        Assert.Contains(".evil(text)", update.Message, StringComparison.Ordinal);
        Assert.Equal("public", await SchemaOfAsync(database, "hstore"));
        var enable = await Assert.ThrowsAsync<PostgresFailedException>(() => EnableAsync(database, "earthdistance"));
        Assert.Contains("public.evil(text)", enable.Message, StringComparison.Ordinal);

        await tenant.ExecuteAsync("ALTER EXTENSION hstore DROP FUNCTION public.evil(text)", CancellationToken.None);
        await tenant.ExecuteAsync("ALTER FUNCTION public.evil(text) SET SCHEMA own", CancellationToken.None);
        enable = await Assert.ThrowsAsync<PostgresFailedException>(() => EnableAsync(database, "earthdistance"));
        Assert.Contains("own.evil(text)", enable.Message, StringComparison.Ordinal);
        await tenant.ExecuteAsync("DROP FUNCTION own.evil(text)", CancellationToken.None);
        await EnableAsync(database, "earthdistance");
    }

    [Fact]
    public async Task A_database_that_a_crash_left_closed_is_opened_by_the_next_run()
    {
        var (database, owner) = await DatabaseAsync("ext_closed");
        await server.ExecuteAsync(null, "ALTER DATABASE ext_closed ALLOW_CONNECTIONS false");
        await EnableAsync(database, "citext");
        await using var tenant = await server.LoginAsync(database.ToString(), owner, _password);
    }

    [Fact]
    public async Task What_uses_an_extension_is_named_when_it_cannot_go()
    {
        var (database, owner) = await DatabaseAsync("ext_used");
        await EnableAsync(database, "citext");
        await using var tenant = await server.LoginAsync(database.ToString(), owner, _password);
        await tenant.ExecuteAsync("CREATE TABLE people (name citext, n int)", CancellationToken.None);
        await tenant.ExecuteAsync("CREATE FUNCTION greet(citext) RETURNS text LANGUAGE sql AS 'SELECT $1::text'", CancellationToken.None);

        var refused = await Assert.ThrowsAsync<PostgresFailedException>(() => _extensions.DisableAsync(new ExtensionWork(database, "citext", AppName), CancellationToken.None));

        Assert.Contains("column name of table public.people", refused.Message, StringComparison.Ordinal);
        Assert.Contains("function public.greet(public.citext)", refused.Message, StringComparison.Ordinal);
        Assert.Equal("public", await SchemaOfAsync(database, "citext"));
    }

    [Fact]
    public async Task An_old_version_is_updated_outside_of_the_tenants_reach()
    {
        var (database, owner) = await DatabaseAsync("ext_old");
        await server.ExecuteAsync(database.ToString(), "CREATE EXTENSION hstore SCHEMA public VERSION '1.4'");
        await using var tenant = await server.LoginAsync(database.ToString(), owner, _password);
        await tenant.ExecuteAsync("CREATE TABLE bags (b hstore DEFAULT 'a=>1')", CancellationToken.None);
        await tenant.ExecuteAsync("INSERT INTO bags DEFAULT VALUES", CancellationToken.None);
        Assert.True((await _extensions.ListAsync(database, CancellationToken.None)).Single(e => e.Name == "hstore").CanUpdate);
        await server.ExecuteAsync(database.ToString(), Witness);

        await _extensions.UpdateAsync(new ExtensionWork(database, "hstore", AppName), CancellationToken.None);
        await _extensions.UpdateAsync(new ExtensionWork(database, "hstore", AppName), CancellationToken.None);

        var hstore = (await _extensions.ListAsync(database, CancellationToken.None)).Single(e => e.Name == "hstore");
        Assert.Equal(hstore.DefaultVersion, hstore.InstalledVersion);
        Assert.False(hstore.CanUpdate);
        Assert.Equal("public", await SchemaOfAsync(database, "hstore"));
        Assert.False(await server.ScalarAsync<bool>(database.ToString(), "SELECT EXISTS (SELECT FROM witness.paths WHERE path LIKE '%public%')"));
        Assert.True(await server.ScalarAsync<bool>(database.ToString(), "SELECT EXISTS (SELECT FROM witness.paths WHERE path LIKE '%capyd_extension_%')"));
        Assert.Equal("1", await tenant.ScalarAsync<string>("SELECT b -> 'a' FROM bags", CancellationToken.None));
    }

    [Theory]
    [InlineData("no_such_thing")]
    [InlineData("\"; DROP TABLE x; --")]
    public async Task What_the_host_does_not_have_is_refused(string extension)
    {
        var (database, _) = await DatabaseAsync("ext_missing");
        var refused = await Assert.ThrowsAsync<PostgresFailedException>(() => EnableAsync(database, extension));
        Assert.Contains("not installed on this host", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_schema_public_is_told_to_make_it()
    {
        var (database, owner) = await DatabaseAsync("ext_bare");
        await using var tenant = await server.LoginAsync(database.ToString(), owner, _password);
        await tenant.ExecuteAsync("DROP SCHEMA public", CancellationToken.None);
        var refused = await Assert.ThrowsAsync<PostgresFailedException>(() => EnableAsync(database, "citext"));
        Assert.Contains("CREATE SCHEMA public", refused.Message, StringComparison.Ordinal);
    }

    private Task EnableAsync(DatabaseName database, string extension) => _extensions.EnableAsync(new ExtensionWork(database, extension, AppName), CancellationToken.None);

    private Task<string?> SchemaOfAsync(DatabaseName database, string extension) => server.ScalarAsync<string>(
        database.ToString(), $"SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = {SqlIdentifier.Literal(extension)}");

    private async Task<(DatabaseName Database, RoleName Owner)> DatabaseAsync(string name)
    {
        var owner = RoleName.Parse(name);
        await new RoleAdmin(server.Cluster).EnsureAsync(new RoleSpec(owner, _password, -1, ""), CancellationToken.None);
        var database = DatabaseName.Parse(name);
        await new DatabaseAdmin(server.Cluster).ProvisionAsync(new DatabaseSpec(database, owner, null, new Dictionary<string, string>()), CancellationToken.None);
        return (database, owner);
    }
}
