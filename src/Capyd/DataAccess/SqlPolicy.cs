using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Capyd.Postgres.Queries;

namespace Capyd.DataAccess;

/// <summary>What the SQL runner takes (contract D.10). Pure.</summary>
internal sealed record SqlPolicy(IReadOnlyList<SqlStatement> Script, int MaxRows, bool ReadOnly)
{
    public const int DefaultRows = 200;
    public const int MostRows = 1000;
    private const int LongestQuery = 20_000;

    /// <summary>The statements of a request; the first thing wrong is a refusal.</summary>
    public static SqlPolicy Check(SqlRequest? request)
    {
        var script = Split(request?.Query);
        var rows = request?.MaxRows is null or 0 ? DefaultRows : request.MaxRows.Value;
        if (rows is < 1 or > MostRows)
        {
            throw CapydException.Invalid(string.Create(CultureInfo.InvariantCulture, $"max_rows: wants 1 to {MostRows}"));
        }

        RefuseTransactions(script, request?.ReadOnly == true);
        foreach (var statement in script)
        {
            RefuseCopy(statement);
            if (request?.AllowUnqualifiedWrites != true)
            {
                RefuseUnqualified(statement);
            }
        }

        return new SqlPolicy(script, rows, request?.ReadOnly == true);
    }

    /// <summary>Whether the script begins and ends transactions itself.</summary>
    public bool OwnTransactions => Script.Any(statement => SqlTransactions.Opens(statement) || SqlTransactions.Ends(statement));

    /// <summary>SELECT, INSERT, …: what was done, in order, each once.</summary>
    public string Verbs => string.Join(", ", Script.Select(statement => statement.Verb is { Length: > 0 and <= 20 } verb && verb.All(char.IsAsciiLetter) ? verb : "?").Distinct().Take(10));

    /// <summary>32 hex digits that are the same for queries that differ in their values only; nothing of a value is in it.</summary>
    public string Digest
    {
        get
        {
            var shape = string.Join(" ; ", Script.Select(statement => string.Join(' ', statement.Shape())));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shape)))[..32];
        }
    }

    private static IReadOnlyList<SqlStatement> Split(string? query)
    {
        if (query is { Length: > LongestQuery })
        {
            throw CapydException.Invalid(string.Create(CultureInfo.InvariantCulture, $"query: {query.Length} characters are more than the {LongestQuery} allowed"), "use psql with the URL of …/connections");
        }

        if (query?.Contains('\0', StringComparison.Ordinal) == true)
        {
            throw CapydException.Invalid("query: PostgreSQL takes no NUL character");
        }

        return SqlScript.Split(query ?? "") is { Count: > 0 } script ? script : throw CapydException.Invalid("query: is empty");
    }

    private static void RefuseTransactions(IReadOnlyList<SqlStatement> script, bool readOnly)
    {
        if (readOnly && script.FirstOrDefault(statement => SqlTransactions.Opens(statement) || SqlTransactions.Ends(statement)) is { } own)
        {
            throw CapydException.Invalid($"query: {own.Verb} cannot be used with read_only, which is one transaction");
        }

        if (SqlTransactions.LeavesOpen(script))
        {
            throw CapydException.Invalid("query: it begins a transaction and does not end it, so all of it would be undone", "add COMMIT, or leave BEGIN out: several statements are one transaction");
        }
    }

    private static void RefuseCopy(SqlStatement statement)
    {
        if (statement.Verb == "COPY" && (statement.Has("STDIN", 1, int.MaxValue) || statement.Has("STDOUT", 1, int.MaxValue)))
        {
            throw CapydException.Invalid("query: COPY from or to the client cannot be used here", "use psql with the URL of …/connections, or INSERT and SELECT");
        }
    }

    private static void RefuseUnqualified(SqlStatement statement)
    {
        if (SqlWrites.FindUnqualified(statement) is { } verb)
        {
            throw CapydException.Invalid(
                verb == "TRUNCATE" ? "query: TRUNCATE empties the table" : $"query: {verb} without WHERE changes every row",
                "if that is meant, send allow_unqualified_writes: true");
        }
    }
}
