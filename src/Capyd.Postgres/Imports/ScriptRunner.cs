using Npgsql;

namespace Capyd.Postgres.Imports;

/// <summary>Runs a foreign script, statement by statement, in a session without rights.</summary>
internal sealed class ScriptRunner(NpgsqlConnection session, ScriptFilter filter, ScriptErrors errors, ImportTally tally)
{
    private const int BatchStatements = 500;
    private const int BatchCharacters = 1024 * 1024;

    private readonly List<ScriptStatement> _inserts = [];
    private int _insertCharacters;

    /// <exception cref="ImportRefusedException">A statement failed; the message names it.</exception>
    public async Task RunAsync(ScriptReader reader, CancellationToken cancellationToken)
    {
        while (await reader.NextAsync(cancellationToken) is { } statement)
        {
            if (filter.Judge(statement) is { Runs: false } verdict)
            {
                await SkipAsync(reader, statement, verdict, cancellationToken);
            }
            else if (statement.Begins("INSERT"))
            {
                await InsertAsync(statement, cancellationToken);
            }
            else
            {
                await FlushAsync(cancellationToken);
                await (statement.IsCopyFromStdin ? CopyAsync(reader, statement, cancellationToken) : OneAsync(statement, cancellationToken));
            }
        }

        await FlushAsync(cancellationToken);
    }

    private async Task SkipAsync(ScriptReader reader, ScriptStatement statement, ScriptVerdict verdict, CancellationToken cancellationToken)
    {
        if (statement.IsCopyFromStdin)
        {
            await reader.RowsAsync(statement, null, cancellationToken);
        }

        if (verdict.Skip is { Length: > 0 } reason)
        {
            tally.Skip(verdict.Type, statement.Entry is { } entry ? LatinText.Flat($"{entry.Schema}{(entry.Schema.Length > 0 ? "." : "")}{entry.Name}") : statement.Subject, reason);
        }
    }

    private async Task OneAsync(ScriptStatement statement, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync([statement], cancellationToken);
            tally.Load(statement);
        }
        catch (PostgresException e)
        {
            errors.Judge(statement, e, tally);
        }
    }

    private async Task CopyAsync(ScriptReader reader, ScriptStatement statement, CancellationToken cancellationToken)
    {
        try
        {
            var writer = (NpgsqlCopyTextWriter)await session.BeginTextImportAsync(statement.Text, cancellationToken);
            writer.Timeout = 0;
            try
            {
                await reader.RowsAsync(statement, writer.BaseStream, cancellationToken);
            }
            catch
            {
                await AbandonAsync(writer);
                throw;
            }

            await writer.DisposeAsync();
        }
        catch (PostgresException e)
        {
            throw ScriptErrors.Fatal(statement, e, errors.Hint);
        }

        tally.Load(statement);
    }

    /// <summary>Disposing would end the COPY as if it were whole.</summary>
    private static async Task AbandonAsync(NpgsqlCopyTextWriter writer)
    {
        try
        {
            await writer.CancelAsync();
        }
        catch (Exception e) when (e is NpgsqlException or ObjectDisposedException or NullReferenceException)
        {
            // A stream that failed in a write has let go of its connection, and the driver does not look before it cancels. The session is given up; what made us abandon the rows is what the caller must see.
        }
    }

    /// <summary>Rows as statements would cost a round trip each; many go at once, as one transaction.</summary>
    private async Task InsertAsync(ScriptStatement statement, CancellationToken cancellationToken)
    {
        _inserts.Add(statement);
        _insertCharacters += statement.Text.Length;
        if (_inserts.Count >= BatchStatements || _insertCharacters >= BatchCharacters)
        {
            await FlushAsync(cancellationToken);
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_inserts.Count == 0)
        {
            return;
        }

        try
        {
            await ExecuteAsync(_inserts, cancellationToken);
            tally.Load(_inserts[^1]);
        }
        catch (PostgresException e)
        {
            var failed = _inserts.Find(s => ReferenceEquals(s.Text, e.BatchCommand?.CommandText)) ?? _inserts[0];
            throw ScriptErrors.Fatal(failed, e, errors.Hint);
        }

        _inserts.Clear();
        _insertCharacters = 0;
    }

    /// <summary>Commands of a batch are sent as they are: the driver cuts no other command's text at semicolons.</summary>
    private async Task ExecuteAsync(IReadOnlyList<ScriptStatement> statements, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(session) { Timeout = 0 };
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement.Text));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
