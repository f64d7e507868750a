using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Tests.Cluster;

[Collection(nameof(TemporaryCluster))]
public sealed class StorageHoldTests(TemporaryCluster server)
{
    private static readonly DatabaseName Full = DatabaseName.Parse("full");
    private readonly DatabaseAdmin _databases = new(server.Cluster);
    private readonly StorageHold _hold = new(server.Cluster);
    private readonly Password _password = Password.Random();

    [Fact]
    public async Task A_hold_is_for_sessions_to_come_and_is_not_copied()
    {
        var owner = RoleName.Parse("full_owner");
        await new RoleAdmin(server.Cluster).EnsureAsync(new RoleSpec(owner, _password, -1, "test"), CancellationToken.None);
        await _databases.ProvisionAsync(new DatabaseSpec(Full, owner, null, new Dictionary<string, string>(), Marker: "test"), CancellationToken.None);
        await using var early = await server.LoginAsync("full", owner, _password);
        await early.ExecuteAsync("CREATE TABLE t (a int)", CancellationToken.None);

        Assert.True(await _hold.SetAsync(Full, CancellationToken.None));
        Assert.True(await _hold.SetAsync(Full, CancellationToken.None));

        Assert.True((await MeasureAsync()).OnHold);
        await early.ExecuteAsync("INSERT INTO t VALUES (1)", CancellationToken.None);
        Assert.Equal("25006", await WriteAsync(owner));
        var copy = DatabaseName.Parse("full_copy");
        var settings = new Dictionary<string, string> { ["default_transaction_read_only"] = "on", ["capyd.storage_hold"] = "on", ["work_mem"] = "8MB" };
        await _databases.ProvisionAsync(new DatabaseSpec(copy, owner, null, settings, Marker: "test"), CancellationToken.None);
        Assert.Equal("{work_mem=8MB}", await server.ScalarAsync<string>(null, "SELECT setconfig::text FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE datname = 'full_copy'"));

        await _hold.ReleaseAsync(Full, CancellationToken.None);
        Assert.False((await MeasureAsync()).OnHold);
        Assert.Null(await WriteAsync(owner));
        await server.ExecuteAsync(null, "ALTER DATABASE \"full\" SET default_transaction_read_only = true");
        Assert.False(await _hold.SetAsync(Full, CancellationToken.None));
        Assert.False((await MeasureAsync()).OnHold);
    }

    private async Task<DatabaseMeasure> MeasureAsync() => (await _databases.MeasureAsync(CancellationToken.None)).Single(measure => measure.Name == Full);

    private async Task<string?> WriteAsync(RoleName owner)
    {
        await using var late = await server.LoginAsync("full", owner, _password);
        try
        {
            await late.ExecuteAsync("INSERT INTO t VALUES (2)", CancellationToken.None);
            return null;
        }
        catch (PostgresException e)
        {
            return e.SqlState;
        }
    }
}
