using System.Globalization;
using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Clones;

/// <summary>
/// CREATE DATABASE … TEMPLATE. The server lets nobody into the source while it copies: a newcomer waits (measured: for
/// the rest of the copy). So the copy is watched, and given up as soon as somebody waits.
/// </summary>
internal sealed class TemplateCopy(PostgresCluster cluster, CloneRequest request)
{
    private const int FirstWithStrategy = 15;

    /// <summary>Below this, logging the pages costs less than the two checkpoints of the whole server that a copy of files needs.</summary>
    private const long SmallBytes = 32L << 20;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);
    private const int LooksUntilGone = 100;

    private const string Disturbance = """
        SELECT (SELECT count(*) FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid AND a.backend_type <> 'autovacuum worker'),
               ARRAY(SELECT l.pid FROM pg_catalog.pg_locks l WHERE l.locktype = 'object' AND l.database = 0 AND NOT l.granted
                   AND l.classid = 'pg_catalog.pg_database'::pg_catalog.regclass AND l.objid = d.oid)
        FROM pg_catalog.pg_database d WHERE d.datname = $1
        """;

    /// <returns>Why the files cannot be copied; null when they can.</returns>
    public async Task<string?> ObstacleAsync(CancellationToken cancellationToken)
    {
        await using var server = await OpenAsync(null, cancellationToken);
        if (await DisturbanceAsync(server, cancellationToken) is { } disturbed)
        {
            return disturbed;
        }

        var size = await SizeAsync(server, cancellationToken);
        if (size > request.TemplateMaxBytes)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it is {size >> 20} MiB, and files are copied up to {request.TemplateMaxBytes >> 20} MiB");
        }

        await using (var inside = await OpenAsync(request.Source, cancellationToken))
        {
            if (await TemplateObstacle.FindAsync(inside, cancellationToken) is { } obstacle)
            {
                return $"it holds {obstacle}";
            }
        }

        await AloneAsync(server, cancellationToken);
        return null;
    }

    /// <returns>Null when the copy was made; what came in its way, and then there is none.</returns>
    public async Task<string?> CopyAsync(CancellationToken cancellationToken)
    {
        await using var server = await OpenAsync(null, cancellationToken);
        await using var watch = await OpenAsync(null, cancellationToken);
        var statement = await StatementAsync(server, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var copy = server.ExecuteAsync(statement, stop.Token);
        var disturbed = await WatchAsync(watch, copy, cancellationToken);
        if (disturbed is not null)
        {
            await stop.CancelAsync();
        }

        try
        {
            await copy;
            return null;
        }
        catch (OperationCanceledException) when (disturbed is not null && !cancellationToken.IsCancellationRequested)
        {
            return disturbed;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectInUse)
        {
            return "somebody connected just then";
        }
    }

    /// <returns>What disturbed the copy; null when it ended by itself.</returns>
    private async Task<string?> WatchAsync(NpgsqlConnection watch, Task copy, CancellationToken cancellationToken)
    {
        while (await Task.WhenAny(copy, Task.Delay(BetweenLooks, cancellationToken)) != copy && !cancellationToken.IsCancellationRequested)
        {
            if (await DisturbanceAsync(watch, cancellationToken) is { } disturbed)
            {
                return disturbed;
            }
        }

        return null;
    }

    private async Task<string?> DisturbanceAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        var found = await server.ListAsync(
            Disturbance, static row => (Connected: row.GetInt64(0), Waiting: row.GetFieldValue<int[]>(1)), cancellationToken, request.Source.ToString());
        return found switch
        {
            [] => throw new PostgresFailedException($"There is no database {request.Source}.", PostgresErrorCodes.InvalidCatalogName, RetryClass.Permanent),
            [{ Connected: > 0 } one] => string.Create(CultureInfo.InvariantCulture, $"sessions are connected: {one.Connected}"),
            [var one] when !one.Waiting.All(AutovacuumWorker.Is) => "somebody waited to connect",
            _ => null,
        };
    }

    /// <summary>The server counts our own session until its process is gone.</summary>
    private async Task AloneAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        for (var look = 0; look < LooksUntilGone && await DisturbanceAsync(server, cancellationToken) is not null; look++)
        {
            await Task.Delay(BetweenLooks / 10, cancellationToken);
        }
    }

    private async Task<string> StatementAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        var strategy = (server.PostgreSqlVersion.Major, await SizeAsync(server, cancellationToken)) switch
        {
            (< FirstWithStrategy, _) => "",
            (_, < SmallBytes) => " STRATEGY wal_log",
            _ => " STRATEGY file_copy",
        };
        return $"CREATE DATABASE {request.Target.Quoted} TEMPLATE {request.Source.Quoted} ALLOW_CONNECTIONS false{strategy}";
    }

    private Task<long> SizeAsync(NpgsqlConnection server, CancellationToken cancellationToken) =>
        server.ScalarAsync<long>("SELECT pg_catalog.pg_database_size($1::name)", cancellationToken, request.Source.ToString());

    private Task<NpgsqlConnection> OpenAsync(DatabaseName? database, CancellationToken cancellationToken) =>
        cluster.OpenAsync(database, request.ApplicationName, cancellationToken);
}
