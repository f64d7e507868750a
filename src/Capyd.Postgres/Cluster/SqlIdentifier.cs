namespace Capyd.Postgres.Cluster;

/// <summary>The one place where text becomes SQL. Everything that can be a parameter is a parameter instead.</summary>
public static class SqlIdentifier
{
    /// <summary>A quoted identifier; case and every character but NUL are kept.</summary>
    public static string Quote(string identifier) =>
        $"\"{WithoutNul(identifier).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A string literal that means the same whatever standard_conforming_strings says.</summary>
    public static string Literal(string text)
    {
        var quoted = WithoutNul(text).Replace("'", "''", StringComparison.Ordinal);
        return quoted.Contains('\\', StringComparison.Ordinal)
            ? $" E'{quoted.Replace("\\", "\\\\", StringComparison.Ordinal)}'"
            : $"'{quoted}'";
    }

    private static string WithoutNul(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? throw new FormatException("SQL text cannot hold NUL.") : text;
}
