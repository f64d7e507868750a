using Npgsql;

namespace Capyd.Postgres.Imports;

/// <summary>Judges a failing statement: what only decorates is left out and reported, everything else ends the import.</summary>
/// <param name="missing">Extensions that the file wants and that were not made, with the reason.</param>
internal sealed class ScriptErrors(IReadOnlyList<string> excludedSchemas, IReadOnlyList<string> missing)
{
    private static readonly string[] Missing =
    [
        PostgresErrorCodes.UndefinedObject, PostgresErrorCodes.UndefinedTable, PostgresErrorCodes.UndefinedFunction, PostgresErrorCodes.InvalidSchemaName,
    ];

    private const string PartialDump =
        " If an extension makes it: pg_dump with --schema or --table leaves extensions out; name them with --extension, or dump the whole database.";

    private static readonly string[] Partial = [PostgresErrorCodes.UndefinedObject, PostgresErrorCodes.UndefinedFunction];

    /// <summary>What may explain a failure; empty or a sentence.</summary>
    public string Hint { get; } =
        missing.Count == 0 ? "" : $" The file also wants extensions that could not be made: {string.Join("; ", missing)}.";

    /// <exception cref="ImportRefusedException">The failure counts.</exception>
    public void Judge(ScriptStatement statement, PostgresException error, ImportTally tally)
    {
        if (Reason(statement, error) is not { } reason)
        {
            throw Fatal(statement, error, Hint.Length == 0 && Partial.Contains(error.SqlState) ? PartialDump : Hint);
        }

        if (reason.Length > 0)
        {
            tally.Skip(ScriptFilter.TypeOf(statement), LatinText.Flat(statement.Subject), reason);
        }
    }

    public static ImportRefusedException Fatal(ScriptStatement statement, PostgresException error, string hint)
    {
        var where = string.IsNullOrEmpty(error.Where) ? "" : $" ({LatinText.ToReadable(error.Where)})";
        return new ImportRefusedException(
            $"Line {statement.Line}, {LatinText.Flat(statement.Subject)}: {LatinText.ToReadable(error.MessageText)} (SQLSTATE {error.SqlState}){where}.{hint}", error);
    }

    /// <returns>Null when the failure counts; empty when nobody needs to know.</returns>
    private string? Reason(ScriptStatement statement, PostgresException error)
    {
        var absent = Missing.Contains(error.SqlState);
        var said = LatinText.ToReadable(error.MessageText);
        return statement.At(0).Text switch
        {
            "DROP" when absent => "",
            "ALTER" when absent && statement.Find("DROP") > 0 => "",
            "SET" when absent || error.SqlState == PostgresErrorCodes.InsufficientPrivilege => $"the setting is refused: {said}",
            "COMMENT" => $"the comment is refused: {said}",
            "CREATE" when statement.Begins("CREATE", "POLICY") && absent => said,
            "CREATE" when absent && IsSoft(statement) && excludedSchemas.Any(s => said.Contains(s, StringComparison.Ordinal)) => said,
            _ => null,
        };
    }

    private static bool IsSoft(ScriptStatement statement) =>
        statement.Find("VIEW") is > 0 and < 5 || statement.Find("TRIGGER") is > 0 and < 5 || statement.Find("RULE") is > 0 and < 5;
}
