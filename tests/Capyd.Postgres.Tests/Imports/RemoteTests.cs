using System.Net;
using System.Net.Sockets;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Imports;

namespace Capyd.Postgres.Tests.Imports;

[Collection(nameof(TemporaryCluster))]
public sealed class RemoteTests(TemporaryCluster server) : IDisposable
{
    private static readonly TimeSpan Connect = TimeSpan.FromSeconds(5);

    private readonly ImportFixture _imports = new(server);

    private RemoteProbe Probe => new(server.Binaries, server.Runner, _imports.Confinement);

    [Fact]
    public async Task A_source_tells_what_it_holds()
    {
        var database = await SourceAsync();
        var facts = await Probe.ReadAsync(_imports.Source(database, _imports.Dumps.Password), Connect, CancellationToken.None);

        Assert.Equal(server.Binaries.NewestServer().Major, facts.Major);
        Assert.True(facts.SizeBytes > 1_000_000);
        Assert.Contains(facts.Extensions, static e => e.Name == "citext");
        Assert.Equal(["app", "public"], facts.Schemas);
        Assert.Equal(["auth", "extensions", "supabase_functions"], facts.ProviderSchemas);
        Assert.Equal("supabase", facts.Provider);
        Assert.Contains("schema:supabase_functions", facts.ProviderSignals);
        Assert.Equal(["app.profile"], facts.AuthPolicyTables);
        Assert.Equal([new RemoteForeignKey("profile_id_fkey", "app.profile", "auth.users")], facts.AuthForeignKeys);
        Assert.Equal(["app.secret"], facts.UnreadableTables);
        Assert.Equal("replica", facts.Replication.WalLevel);
        Assert.False(facts.Replication.RoleCanReplicate);
    }

    [Fact]
    public async Task A_source_is_fetched_and_loaded()
    {
        var database = await _imports.Dumps.CreateAsync("remote");
        await _imports.Dumps.AsTenantAsync(database, "CREATE TABLE t AS SELECT i, md5(i::text) v FROM generate_series(1, 20000) i; CREATE SCHEMA \"a\"\"*\"; CREATE TABLE \"a\"\"*\".x()");
        var seen = 0L;
        var request = new RemoteDumpRequest(server.Binaries.NewestServer().Major, _imports.File("fetched"), ["a\"*"], 1L << 30, bytes => seen = bytes);
        var size = await new RemoteDump(server.Binaries, server.Runner, _imports.Confinement)
            .FetchAsync(_imports.Source(database, _imports.Dumps.Password), request, CancellationToken.None);
        var (result, _) = await _imports.LoadAsync(_imports.File("fetched"));

        Assert.Equal(size, seen);
        Assert.Equal(new FileInfo(_imports.File("fetched")).Length, size);
        Assert.Equal((await _imports.Dumps.ReadAsync(database)).Relations.Single(static r => r.Name == "t").Hash, result.Inventory.Relations.Single().Hash);
    }

    [Fact]
    public async Task A_dump_above_the_limit_ends()
    {
        var database = await _imports.Dumps.CreateAsync("large");
        await _imports.Dumps.AsTenantAsync(database, "CREATE TABLE t AS SELECT md5(i::text) v FROM generate_series(1, 100000) i");
        var request = new RemoteDumpRequest(15, _imports.File("fetched"), [], 100_000);
        var error = await Assert.ThrowsAsync<RemoteFailedException>(() => new RemoteDump(server.Binaries, server.Runner, _imports.Confinement)
            .FetchAsync(_imports.Source(database, _imports.Dumps.Password), request, CancellationToken.None));

        Assert.Equal(RemoteFailureKind.TooLarge, error.Kind);
    }

    [Fact]
    public async Task Why_a_source_cannot_be_read_is_told_without_its_password()
    {
        var database = await _imports.Dumps.CreateAsync("refused");
        var good = _imports.Source(database, _imports.Dumps.Password);
        var wrong = good with { Password = new Password("wr0ng-s3cret") };
        await AssertAsync(wrong, RemoteFailureKind.LoginRefused, RetryClass.Permanent);
        await AssertAsync(good with { Database = "nowhere" }, RemoteFailureKind.DatabaseMissing, RetryClass.Permanent);
        await AssertAsync(good with { SslMode = "require" }, RemoteFailureKind.Tls, RetryClass.Permanent);
        await AssertAsync(good with { Port = 1 }, RemoteFailureKind.Unreachable, RetryClass.Transient);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var source = _imports.Source(DatabaseName.Parse("x"), new Password("s3cret")) with { Port = ((IPEndPoint)silent.LocalEndpoint).Port };
        var error = await Assert.ThrowsAsync<RemoteFailedException>(() => Probe.ReadAsync(source, TimeSpan.FromSeconds(2), CancellationToken.None));

        Assert.Equal(RemoteFailureKind.Unreachable, error.Kind);
    }

    public void Dispose() => _imports.Dispose();

    private async Task AssertAsync(RemoteSource source, RemoteFailureKind kind, RetryClass retry)
    {
        var error = await Assert.ThrowsAsync<RemoteFailedException>(() => Probe.ReadAsync(source, Connect, CancellationToken.None));
        Assert.True(kind == error.Kind, error.Message);
        Assert.Equal(retry, error.Retry);
        Assert.DoesNotContain(source.Password!.Value, error.Message, StringComparison.Ordinal);
        Assert.Contains("localhost", error.Message, StringComparison.Ordinal);
    }

    private async Task<DatabaseName> SourceAsync()
    {
        var database = await _imports.Dumps.CreateAsync("remote");
        await _imports.Dumps.AsSuperuserAsync(
            database,
            $"""
            CREATE EXTENSION citext; CREATE SCHEMA auth; CREATE SCHEMA extensions; CREATE SCHEMA supabase_functions;
            CREATE SCHEMA app AUTHORIZATION "{_imports.Dumps.Owner}"; CREATE TABLE auth.users(id int PRIMARY KEY);
            CREATE FUNCTION auth.uid() RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE TABLE app.profile(id int REFERENCES auth.users); CREATE POLICY p ON app.profile USING (id = auth.uid());
            ALTER TABLE app.profile OWNER TO "{_imports.Dumps.Owner}"; CREATE TABLE app.secret(a int);
            """);
        return database;
    }
}
