namespace Capyd.Postgres.Queries;

/// <summary>Finds the writes that touch every row: they are more often a slip than a wish.</summary>
public static class SqlWrites
{
    private static readonly string[] Definitions = ["FUNCTION", "PROCEDURE", "RULE", "TRIGGER", "POLICY", "VIEW"];

    /// <summary>UPDATE or DELETE without a WHERE of its own, also inside WITH, and TRUNCATE; null when there is none.</summary>
    public static string? FindUnqualified(SqlStatement statement)
    {
        if (statement.Verb == "TRUNCATE")
        {
            return "TRUNCATE";
        }

        if (statement.Verb == "CREATE" && Definitions.Any(word => statement.Has(word, 1, 5)))
        {
            return null;
        }

        for (var i = 0; i < statement.Tokens.Count; i++)
        {
            var verb = statement.Is(i, "DELETE") ? "DELETE" : statement.Is(i, "UPDATE") ? "UPDATE" : null;
            if (verb is not null && Runs(statement, i) && IsWrite(statement, i, verb) && !HasAtSameDepth(statement, i, "WHERE"))
            {
                return verb;
            }
        }

        return null;
    }

    /// <summary>Whether the word can begin a statement at this place and that statement is executed.</summary>
    private static bool Runs(SqlStatement statement, int index)
    {
        if (index == 0 || statement.Is(index - 1, '('))
        {
            return true;
        }

        var wrapped = statement.Verb is "WITH" or "EXPLAIN" or "PREPARE";
        var begins = statement.Is(index - 1, ')') || statement.Is(index - 1, "AS") || statement.Is(index - 1, "ANALYZE")
            || statement.Is(index - 1, "ANALYSE") || statement.Is(index - 1, "VERBOSE");
        return wrapped && begins && (statement.Verb != "EXPLAIN" || statement.Has("ANALYZE", 1, index) || statement.Has("ANALYSE", 1, index));
    }

    /// <summary>Both words may also be names.</summary>
    private static bool IsWrite(SqlStatement statement, int index, string verb) =>
        verb == "DELETE" ? statement.Is(index + 1, "FROM") : HasAtSameDepth(statement, index, "SET");

    private static bool HasAtSameDepth(SqlStatement statement, int index, string word)
    {
        var depth = statement.Tokens[index].Depth;
        for (var i = index + 1; i < statement.Tokens.Count && statement.Tokens[i].Depth >= depth; i++)
        {
            if (statement.Tokens[i].Depth == depth && statement.Is(i, word))
            {
                return true;
            }
        }

        return false;
    }
}
