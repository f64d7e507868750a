namespace Capyd.Postgres.Queries;

/// <summary>Splits a text into statements, as psql does.</summary>
public static class SqlScript
{
    /// <summary>Without empty statements; a text of blanks and comments has none.</summary>
    public static IReadOnlyList<SqlStatement> Split(string sql)
    {
        var statements = new List<SqlStatement>();
        var current = new List<SqlToken>();
        var body = 0;
        foreach (var token in SqlLexer.Read(sql))
        {
            var ends = token.Kind == SqlTokenKind.Symbol && sql[token.Start] == ';' && token.Depth == 0 && body == 0;
            if (!ends)
            {
                current.Add(token);
                body = Body(sql, current, body);
            }
            else if (current.Count > 0)
            {
                statements.Add(new SqlStatement(sql, current));
                current = [];
            }
        }

        if (current.Count > 0)
        {
            statements.Add(new SqlStatement(sql, current));
        }

        return statements;
    }

    /// <summary>How many BEGIN and CASE are open: the statements in the body of a function belong to it.</summary>
    private static int Body(string sql, List<SqlToken> tokens, int open)
    {
        var last = tokens[^1];
        if (last.Kind != SqlTokenKind.Word)
        {
            return open;
        }

        return sql[last.Start..last.End].ToUpperInvariant() switch
        {
            "BEGIN" when tokens.Count > 1 && DefinesRoutine(new SqlStatement(sql, tokens)) => open + 1,
            "CASE" when open > 0 => open + 1,
            "END" when open > 0 => open - 1,
            _ => open,
        };
    }

    private static bool DefinesRoutine(SqlStatement statement)
    {
        var at = statement.Is(1, "OR") ? 3 : 1;
        return statement.Is(0, "CREATE") && (statement.Is(at, "FUNCTION") || statement.Is(at, "PROCEDURE"));
    }
}
