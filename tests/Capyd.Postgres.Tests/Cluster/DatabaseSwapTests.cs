using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Tests.Cluster;

[Collection(nameof(TemporaryCluster))]
public sealed class DatabaseSwapTests(TemporaryCluster server)
{
    private readonly DatabaseAdmin _databases = new(server.Cluster);

    [Fact]
    public async Task Sessions_end_and_the_next_one_is_in_the_fresh_database()
    {
        var (live, fresh, parked) = Names("swap");
        await MakeAsync(live, "old");
        await MakeAsync(fresh, "new");
        await using var client = await server.Cluster.OpenAsync(live, "client", CancellationToken.None);
        await using var writer = await server.Cluster.OpenAsync(fresh, "writer", CancellationToken.None);

        Assert.Equal(SwapResult.Swapped, await _databases.SwapAsync(live, fresh, parked, CancellationToken.None));

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => client.ScalarAsync<int>("SELECT 1", CancellationToken.None));
        Assert.Equal("new", await server.ScalarAsync<string>(live.ToString(), "SELECT content FROM public.t"));
        var closed = await Assert.ThrowsAsync<PostgresFailedException>(() => server.ScalarAsync<int>(parked.ToString(), "SELECT 1"));
        Assert.Equal("55000", closed.SqlState);
        await _databases.ReopenAsync(parked, CancellationToken.None);
        Assert.Equal("old", await server.ScalarAsync<string>(parked.ToString(), "SELECT content FROM public.t"));
    }

    [Fact]
    public async Task A_repeated_swap_changes_nothing_and_opens_the_live_database()
    {
        var (live, fresh, parked) = Names("again");
        await MakeAsync(live, "old");
        await MakeAsync(fresh, "new");
        await _databases.SwapAsync(live, fresh, parked, CancellationToken.None);
        await server.ExecuteAsync(null, "ALTER DATABASE \"again\" ALLOW_CONNECTIONS false");

        Assert.Equal(SwapResult.AlreadySwapped, await _databases.SwapAsync(live, fresh, parked, CancellationToken.None));

        Assert.Equal("new", await server.ScalarAsync<string>(live.ToString(), "SELECT content FROM public.t"));
    }

    [Fact]
    public async Task Without_a_live_database_the_fresh_one_takes_the_name_and_a_repetition_knows_it()
    {
        var (live, fresh, parked) = Names("first");
        await MakeAsync(fresh, "new");

        Assert.Equal(SwapResult.Swapped, await _databases.SwapAsync(live, fresh, parked, CancellationToken.None));
        Assert.Equal(SwapResult.AlreadySwapped, await _databases.SwapAsync(live, fresh, parked, CancellationToken.None));

        Assert.Equal("new", await server.ScalarAsync<string>(live.ToString(), "SELECT content FROM public.t"));
    }

    [Fact]
    public async Task A_swap_without_a_fresh_database_fails_and_touches_nothing()
    {
        var (live, fresh, parked) = Names("nothing");
        await MakeAsync(live, "old");

        await Assert.ThrowsAsync<PostgresFailedException>(() => _databases.SwapAsync(live, fresh, parked, CancellationToken.None));

        Assert.Equal("old", await server.ScalarAsync<string>(live.ToString(), "SELECT content FROM public.t"));
    }

    [Fact]
    public async Task A_swap_that_is_cancelled_leaves_the_live_database_open()
    {
        var (live, fresh, parked) = Names("cancelled");
        await MakeAsync(live, "old");
        await MakeAsync(fresh, "new");
        await using var blocker = await server.Cluster.OpenAsync(null, "blocker", CancellationToken.None);
        await using var transaction = await blocker.BeginTransactionAsync();
        await blocker.ExecuteAsync("COMMENT ON DATABASE cancelled IS 'locked'", CancellationToken.None);
        using var impatient = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            var swap = _databases.SwapAsync(live, fresh, parked, impatient.Token);
            await Task.WhenAny(swap, Task.Delay(Timeout.Infinite, impatient.Token));
            await transaction.RollbackAsync();
            await swap;
        });

        Assert.Equal("old", await server.ScalarAsync<string>(live.ToString(), "SELECT content FROM public.t"));
        Assert.Equal(SwapResult.Swapped, await _databases.SwapAsync(live, fresh, parked, CancellationToken.None));
    }

    private static (DatabaseName Live, DatabaseName Fresh, DatabaseName Parked) Names(string live) =>
        (DatabaseName.Parse(live), DatabaseName.Parse(live + "~fresh"), DatabaseName.Parse(live + "~parked"));

    private async Task MakeAsync(DatabaseName name, string content)
    {
        await server.ExecuteAsync(null, $"CREATE DATABASE {name.Quoted}");
        await server.ExecuteAsync(name.ToString(), $"CREATE TABLE public.t AS SELECT {SqlIdentifier.Literal(content)} AS content");
    }
}
