using Capyd.Audit;
using Capyd.Auth;
using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Queries;

namespace Capyd.DataAccess;

/// <summary>Runs SQL with the rights of the database's own role, and writes down that it was run before it is.</summary>
internal sealed class SqlRunner(MetadataDatabase metadata, PostgresServer server, QueryGate gate, TimeProvider clock)
{
    private const string UndefinedTable = "42P01";

    public async Task<SqlResultBody> RunAsync(Principal principal, DataTarget target, SqlRequest? request, CancellationToken cancellation)
    {
        var policy = SqlPolicy.Check(request);
        using var place = gate.Enter(target.Project);
        var detail = new AuditDetail(PreviewId: target.Preview?.ToString(), Name: policy.Verbs, Digest: policy.Digest);
        await metadata.WriteAsync(tx => AuditTrail.Append(tx, principal, "project.sql_executed", target.Project, clock.GetUtcNow(), detail), cancellation);
        return await RunAsync(Query(target, [.. policy.Script.Select(statement => statement.Text)], policy.MaxRows) with
        {
            ReadOnly = policy.ReadOnly, OwnTransactions = policy.OwnTransactions,
        }, tableIsNamed: false, cancellation);
    }

    /// <summary>The rows of one table, as its owner sees them.</summary>
    public async Task<SqlResultBody> RowsAsync(DataTarget target, (string Schema, string Table) name, int limit, CancellationToken cancellation)
    {
        using var place = gate.Enter(target.Project);
        var statement = string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"SELECT * FROM {SqlIdentifier.Quote(name.Schema)}.{SqlIdentifier.Quote(name.Table)} LIMIT {limit}");
        return await RunAsync(Query(target, [statement], limit) with { ReadOnly = true }, tableIsNamed: true, cancellation);
    }

    private static TenantQuery Query(DataTarget target, IReadOnlyList<string> statements, int rows) =>
        new(target.Database, target.Role, target.Password, statements, rows, ReadOnly: false, OwnTransactions: false);

    /// <param name="tableIsNamed">The request names a table, so that one that is not there is a 404.</param>
    private async Task<SqlResultBody> RunAsync(TenantQuery query, bool tableIsNamed, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        try
        {
            var result = await new TenantQueries(server.Capabilities.Cluster).RunAsync(query, cancellation);
            return new SqlResultBody(
                result.Columns, [.. result.Rows.Select(row => new RawJson(row))], result.RowCount, (long)clock.GetElapsedTime(started).TotalMilliseconds, result.Truncated);
        }
        catch (QueryRefusedException e)
        {
            throw e.SqlState == UndefinedTable && tableIsNamed
                ? CapydException.NotFound("table")
                : new CapydException(ErrorCode.SqlFailed, $"{e.Message} (SQLSTATE {e.SqlState})", e.Hint);
        }
        catch (PostgresFailedException e) when (e.Retry == RetryClass.Permanent)
        {
            throw new CapydException(ErrorCode.WrongState, e.Message, "if the role's password was changed by hand, POST …/credentials/rotate sets a new one");
        }
    }
}
