namespace Capyd.Postgres.Queries;

/// <summary>What statements do to the transaction that they run in.</summary>
public static class SqlTransactions
{
    public static bool Opens(SqlStatement statement) => statement.Verb is "BEGIN" or "START";

    public static bool Ends(SqlStatement statement) => statement.Verb switch
    {
        "COMMIT" or "END" or "ABORT" => true,
        "ROLLBACK" => !statement.Has("TO", 1, 3),
        "PREPARE" => statement.Is(1, "TRANSACTION"),
        _ => false,
    };

    /// <summary>Whether the script begins a transaction that it does not end.</summary>
    public static bool LeavesOpen(IReadOnlyList<SqlStatement> script)
    {
        var open = false;
        foreach (var statement in script)
        {
            open = (open || Opens(statement)) && (!Ends(statement) || (statement.Has("CHAIN", 1, 4) && !statement.Has("NO", 1, 4)));
        }

        return open;
    }
}
