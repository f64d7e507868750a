namespace Capyd.Postgres.Imports;

/// <summary>
/// Chooses what of a foreign script runs in the throw-away cluster. It is no wall: the role that runs it has no rights, and the
/// cluster is confined. It is what lets an ordinary dump from elsewhere load, and tells what was left out.
/// </summary>
/// <param name="madeSchemas">Made already, for the extensions in them.</param>
internal sealed class ScriptFilter(IReadOnlyList<string> excludedSchemas, IReadOnlySet<string> madeSchemas)
{
    private const string Superuser = "only a superuser can make it";
    private const string Cluster = "it belongs to the server, not to the database";

    private static readonly (string[] Words, string Reason)[] NeverMade =
    [
        (["EVENT", "TRIGGER"], Superuser), (["FOREIGN", "DATA", "WRAPPER"], Superuser), (["SERVER"], Superuser),
        (["FOREIGN", "TABLE"], Superuser), (["USER", "MAPPING"], Superuser), (["LANGUAGE"], Superuser), (["PROCEDURAL", "LANGUAGE"], Superuser),
        (["TRUSTED", "LANGUAGE"], Superuser), (["TRUSTED", "PROCEDURAL", "LANGUAGE"], Superuser), (["TRANSFORM"], Superuser),
        (["ACCESS", "METHOD"], Superuser), (["OPERATOR", "CLASS"], Superuser), (["OPERATOR", "FAMILY"], Superuser),
        (["TEXT", "SEARCH", "PARSER"], Superuser), (["TEXT", "SEARCH", "TEMPLATE"], Superuser),
        (["PUBLICATION"], "replication is set up by hand"), (["SUBSCRIPTION"], "replication is set up by hand"),
        (["ROLE"], Cluster), (["USER"], Cluster), (["GROUP"], Cluster), (["DATABASE"], Cluster), (["TABLESPACE"], Cluster), (["SYSTEM"], Cluster),
        (["EXTENSION"], ""),
    ];

    private static readonly string[] Rights = ["GRANT", "REVOKE", "REASSIGN"];

    public ScriptVerdict Judge(ScriptStatement statement)
    {
        if (ExcludedSchema(statement) is { } schema)
        {
            return new ScriptVerdict($"schema {schema} is left out", TypeOf(statement));
        }

        return statement.At(0).Text switch
        {
            "CREATE" or "ALTER" or "DROP" => Definition(statement),
            "COMMENT" => Forbidden(statement, 2) is null ? ScriptVerdict.Run : ScriptVerdict.Quietly,
            "SET" or "RESET" => Setting(statement),
            "SECURITY" => new ScriptVerdict(Superuser, "security label"),
            "LOAD" => new ScriptVerdict(Superuser, "library"),
            var word when Rights.Contains(word) => ScriptVerdict.Quietly,
            _ => ScriptVerdict.Run,
        };
    }

    /// <summary>For the report: pg_dump's word, or the statement's own.</summary>
    public static string TypeOf(ScriptStatement statement)
    {
        if (statement.Entry is { } entry)
        {
            return entry.Type.ToLowerInvariant();
        }

        var word = statement.At(statement.Begins("CREATE", "OR", "REPLACE") ? 3 : 1);
        return statement.Begins("CREATE") && word.Kind == ScriptTokenKind.Word ? word.Folded : statement.At(0).Folded;
    }

    private ScriptVerdict Definition(ScriptStatement statement)
    {
        if (statement.Begins("ALTER", "DEFAULT", "PRIVILEGES") || statement.Begins("DROP", "OWNED") || IsOwnership(statement))
        {
            return ScriptVerdict.Quietly;
        }

        if (Forbidden(statement, statement.Begins("CREATE", "OR", "REPLACE") ? 3 : 1) is { } forbidden)
        {
            return forbidden;
        }

        return IsMadeSchema(statement) ? ScriptVerdict.Quietly : ReferenceToExcluded(statement);
    }

    private static bool IsOwnership(ScriptStatement statement) =>
        statement.Begins("ALTER") && statement.Find("OWNER") is var owner and > 1 && statement.At(owner + 1).Is("TO");

    private static ScriptVerdict? Forbidden(ScriptStatement statement, int from)
    {
        foreach (var (words, reason) in NeverMade)
        {
            if (words.Select((word, i) => statement.At(from + i).Is(word)).All(static same => same))
            {
                return new ScriptVerdict(statement.Begins("CREATE") ? reason : "", string.Join(' ', words).ToLowerInvariant());
            }
        }

        return null;
    }

    private static ScriptVerdict Setting(ScriptStatement statement)
    {
        var name = statement.At(1).Is("LOCAL") || statement.At(1).Is("SESSION") ? statement.At(2) : statement.At(1);
        return name.Text is "ROLE" or "AUTHORIZATION" or "SESSION_AUTHORIZATION" or "DEFAULT_TABLESPACE"
            ? ScriptVerdict.Quietly
            : ScriptVerdict.Run;
    }

    /// <summary>CREATE or DROP of public, or of a schema that holds extensions.</summary>
    private bool IsMadeSchema(ScriptStatement statement)
    {
        if (!statement.At(1).Is("SCHEMA") || statement.Begins("ALTER"))
        {
            return false;
        }

        var skipped = statement.Find("EXISTS") is var exists and > 0 ? exists + 1 : 2;
        var name = statement.At(skipped).Folded;
        return name == "public" || madeSchemas.Contains(name);
    }

    private ScriptVerdict ReferenceToExcluded(ScriptStatement statement) =>
        statement.Find("REFERENCES") is var at and > 0 && statement.SchemaAfter(at + 1) is { } schema && excludedSchemas.Contains(schema)
            ? new ScriptVerdict($"it refers to schema {schema}, which is left out", TypeOf(statement))
            : ScriptVerdict.Run;

    private string? ExcludedSchema(ScriptStatement statement)
    {
        if (excludedSchemas.Count == 0 || statement.Begins("SET") || statement.Begins("SELECT", "PG_CATALOG", ".", "SET_CONFIG"))
        {
            return null;
        }

        var named = statement.Entry switch
        {
            { Schema.Length: > 0 } entry => entry.Schema,
            { Type: "SCHEMA" } entry => entry.Name,
            { Type: "COMMENT" or "ACL" } entry when entry.Name.StartsWith("SCHEMA ", StringComparison.Ordinal) => entry.Name["SCHEMA ".Length..],
            _ => statement.Begins("CREATE", "SCHEMA") ? statement.At(statement.Find("EXISTS") is var e and > 0 ? e + 1 : 2).Folded : statement.SchemaAfter(1),
        };
        return named is not null && excludedSchemas.Contains(named) ? named : null;
    }
}
