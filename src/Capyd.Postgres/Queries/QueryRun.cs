using Npgsql;

namespace Capyd.Postgres.Queries;

/// <summary>The statements of one query in an open session, one after the other.</summary>
internal sealed class QueryRun(NpgsqlConnection session, TenantQuery query, Func<CancellationToken, Task<bool>> hasWritten)
{
    /// <summary>Bytes of all rows together.</summary>
    private const int LongestResult = 4 * 1024 * 1024;

    /// <summary>How long the rest of a result that is long enough is waited for before the query is stopped.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<QueryResult> RunAsync(CancellationToken cancellationToken)
    {
        var wrapped = query.ReadOnly || (query.Statements.Count > 1 && !query.OwnTransactions);
        if (wrapped)
        {
            await PlainAsync(query.ReadOnly ? "BEGIN READ ONLY" : "BEGIN", cancellationToken);
        }

        if (query.ReadOnly)
        {
            // After a first query the transaction cannot be made writable any more.
            await PlainAsync("SELECT 1", cancellationToken);
        }

        QueryResult result = new([], [], 0, false);
        for (var i = 0; i < query.Statements.Count; i++)
        {
            result = await StatementAsync(query.Statements[i], keep: i == query.Statements.Count - 1, cancellationToken);
        }

        if (wrapped && session.State == System.Data.ConnectionState.Open && !_stopped)
        {
            await PlainAsync("COMMIT", cancellationToken);
        }

        return result;
    }

    private bool _stopped;

    private async Task PlainAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<QueryResult> StatementAsync(string sql, bool keep, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, session) { AllResultTypesAreUnknown = true };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, stop.Token);
        try
        {
            var columns = UniqueNames(reader);
            var (rows, truncated) = keep ? await ReadAsync(reader, columns, stop.Token) : ([], false);
            await DrainAsync(reader, stop, keep && truncated);
            await reader.CloseAsync();
            return new QueryResult(columns, rows, columns.Count > 0 ? rows.Count : Math.Max(0, reader.RecordsAffected), truncated);
        }
        finally
        {
            await reader.DisposeAsync();
        }
    }

    /// <returns>The rows that fit, and whether there is more.</returns>
    private async Task<(List<ReadOnlyMemory<byte>> Rows, bool Truncated)> ReadAsync(NpgsqlDataReader reader, List<string> columns, CancellationToken cancellationToken)
    {
        var json = new RowJson(columns);
        var rows = new List<ReadOnlyMemory<byte>>();
        var left = LongestResult;
        while (columns.Count > 0 && await reader.ReadAsync(cancellationToken))
        {
            if (rows.Count == query.MaxRows)
            {
                return (rows, true);
            }

            if (await json.ReadAsync(reader, cancellationToken) is not { } row || row.Length > left)
            {
                return (rows, true);
            }

            left -= row.Length;
            rows.Add(row);
        }

        return (rows, json.Cut);
    }

    /// <summary>
    /// Lets the statement run to its end. One whose result was cut is stopped when that takes long, but only while it has changed
    /// nothing: what it changes belongs to it whether or not all its rows were asked for.
    /// </summary>
    private async Task DrainAsync(NpgsqlDataReader reader, CancellationTokenSource stop, bool enough)
    {
        var started = TimeProvider.System.GetTimestamp();
        var asked = false;
        try
        {
            for (var n = 0L; await reader.ReadAsync(stop.Token); n++)
            {
                if (enough && !asked && n % 64 == 0 && TimeProvider.System.GetElapsedTime(started) > Patience)
                {
                    asked = true;
                    if (!await hasWritten(stop.Token))
                    {
                        _stopped = true;
                        await stop.CancelAsync();
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_stopped)
        {
            // The rows that were asked for are here.
        }
    }

    private static List<string> UniqueNames(NpgsqlDataReader reader)
    {
        var names = new List<string>(reader.FieldCount);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < reader.FieldCount; i++)
        {
            var name = reader.GetName(i);
            for (var n = 2; !taken.Add(name); n++)
            {
                name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{reader.GetName(i)}_{n}");
            }

            names.Add(name);
        }

        return names;
    }
}
