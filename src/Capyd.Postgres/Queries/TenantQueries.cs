using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Queries;

/// <summary>Runs tenants' statements with the tenant's own rights, and leaves nothing running behind.</summary>
public sealed class TenantQueries(PostgresCluster cluster)
{
    /// <exception cref="QueryRefusedException">The server refused a statement, or the time is over.</exception>
    /// <exception cref="PostgresFailedException">The login failed, or the server went away.</exception>
    public async Task<QueryResult> RunAsync(TenantQuery query, CancellationToken cancellationToken)
    {
        await using var relay = MessageRelay.Start(cluster.Endpoint);
        await using var source = TenantLogin.For(relay, query);
        await using var session = await OpenAsync(source, query, cancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(query.TimeLimit);
        var process = session.ProcessID;
        var finished = false;
        try
        {
            var run = new QueryRun(session, query, token => HasWrittenAsync(process, token));
            var result = await run.RunAsync(deadline.Token);
            finished = session.State == System.Data.ConnectionState.Open;
            return result;
        }
        catch (PostgresException e)
        {
            finished = session.State == System.Data.ConnectionState.Open;
            throw new QueryRefusedException(e.MessageText, e.SqlState, e.Hint, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new QueryRefusedException($"canceling statement: the limit is {query.TimeLimit.TotalSeconds:0} s", PostgresErrorCodes.QueryCanceled, null, e);
        }
        catch (NpgsqlException e)
        {
            throw PostgresFailure.From(e, $"run a query in database {query.Database}");
        }
        finally
        {
            if (!finished)
            {
                await EndAsync(process, query);
            }
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, TenantQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception e) when (PostgresFailure.IsFromServer(e))
        {
            throw PostgresFailure.From(e, $"log in to database {query.Database} as {query.Role}");
        }
    }

    /// <summary>A transaction gets a number with its first change.</summary>
    private Task<bool> HasWrittenAsync(int process, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            "look whether a query has changed anything",
            server => server.ScalarAsync<bool>("SELECT backend_xid IS NOT NULL FROM pg_catalog.pg_stat_activity WHERE pid = $1", cancellationToken, process),
            cancellationToken);

    /// <summary>A function may ignore that it is cancelled; that its session ends it cannot.</summary>
    private Task EndAsync(int process, TenantQuery query) =>
        cluster.UseAsync(
            null,
            $"end a session in database {query.Database}",
            server => (Task)server.ExecuteAsync(
                """
                SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
                WHERE pid = $1 AND datname = $2 AND usename = $3
                """,
                CancellationToken.None,
                process,
                query.Database.ToString(),
                query.Role.ToString()),
            CancellationToken.None);
}
