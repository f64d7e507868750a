using Capyd.Postgres.Clones;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Tests.Clones;

[Collection(nameof(TemporaryCluster))]
public sealed class AutovacuumWorkerTests(TemporaryCluster server)
{
    private const string WaitingForIt =
        """
        SELECT coalesce(max(l.pid), 0)::int8 FROM pg_locks l WHERE l.locktype = 'object' AND l.database = 0 AND NOT l.granted
        AND l.classid = 'pg_database'::regclass AND l.objid = (SELECT oid FROM pg_database WHERE datname = 'watched')
        """;

    [Fact]
    public async Task A_worker_at_the_door_of_a_database_is_told_from_a_client()
    {
        await server.ExecuteAsync(null, "CREATE DATABASE watched");
        await server.ExecuteAsync("watched", "CREATE TABLE public.t AS SELECT generate_series(1, 1000) n");
        await server.UntilAsync(null, "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = 'watched')");
        await server.ExecuteAsync(null, "ALTER SYSTEM SET autovacuum_naptime = 1");
        await server.ExecuteAsync(null, "SELECT pg_reload_conf()");
        Assert.True(await IsWorkerAtTheDoorAsync());

        await server.ExecuteAsync(null, "ALTER SYSTEM SET autovacuum = off");
        await server.ExecuteAsync(null, "SELECT pg_reload_conf()");
        await server.UntilAsync(null, "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'autovacuum launcher')");
        Task? client = null;
        Assert.False(await IsWorkerAtTheDoorAsync(() => client = server.ExecuteAsync("watched", "SELECT 1")));
        await client!;
        await server.ExecuteAsync(null, "ALTER SYSTEM RESET autovacuum");
        await server.ExecuteAsync(null, "ALTER SYSTEM RESET autovacuum_naptime");
        await server.ExecuteAsync(null, "SELECT pg_reload_conf()");
    }

    /// <summary>Of who waits while the database is locked as by a copy of it.</summary>
    private async Task<bool> IsWorkerAtTheDoorAsync(Action? knock = null)
    {
        await using var holder = await server.Cluster.OpenAsync(null, "test", CancellationToken.None);
        await using var transaction = await holder.BeginTransactionAsync();
        await holder.ExecuteAsync("ALTER DATABASE watched RENAME TO locked", CancellationToken.None);
        knock?.Invoke();
        await server.UntilAsync(null, $"SELECT ({WaitingForIt}) > 0");
        return AutovacuumWorker.Is((int)await server.ScalarAsync<long>(null, WaitingForIt));
    }
}
