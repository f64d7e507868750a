namespace Capyd.Postgres.Imports;

/// <summary>Reads a script to its end without running it: what is refused is refused before anything was done.</summary>
internal static class ScriptInspector
{
    /// <exception cref="ImportRefusedException">The script is cut off, or holds what is refused.</exception>
    public static async Task<ScriptFacts> ReadAsync(ScriptReader reader, CancellationToken cancellationToken)
    {
        var extensions = new List<(string, string?)>();
        var statements = 0;
        while (await reader.NextAsync(cancellationToken) is { } statement)
        {
            statements++;
            Refuse(statement);
            if (statement.IsCopyFromStdin)
            {
                await reader.RowsAsync(statement, null, cancellationToken);
            }
            else if (Extension(statement) is { } extension)
            {
                extensions.Add(extension);
            }
        }

        return statements == 0
            ? throw new ImportRefusedException("The file holds no SQL statement: it is cut off, or no dump. Dump or upload it again.")
            : reader.IsCutOff
            ? throw new ImportRefusedException("The file is cut off: the line \"PostgreSQL database dump complete\" at the end of a dump is missing. Dump or upload it again.")
            : new ScriptFacts(extensions, statements);
    }

    private static void Refuse(ScriptStatement statement)
    {
        if (statement.Begins("COPY") && statement.Find("TO") > 0 && statement.Find("FROM") < 0)
        {
            throw new ImportRefusedException($"Line {statement.Line}: {statement.Subject}: COPY … TO has no place in an import. Take it out.");
        }
    }

    /// <summary>CREATE EXTENSION [IF NOT EXISTS] name [WITH] [SCHEMA schema] …</summary>
    private static (string Name, string? Schema)? Extension(ScriptStatement statement)
    {
        if (!statement.Begins("CREATE", "EXTENSION"))
        {
            return null;
        }

        var name = statement.At(statement.Begins("CREATE", "EXTENSION", "IF") ? 5 : 2);
        var schema = statement.Find("SCHEMA") is var at and > 0 && statement.At(at + 1).IsName ? statement.At(at + 1).Folded : null;
        return name.IsName ? (name.Folded, schema) : null;
    }
}
