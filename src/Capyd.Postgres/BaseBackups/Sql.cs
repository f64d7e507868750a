namespace Capyd.Postgres.BaseBackups;

/// <summary>Texts in statements that take no parameters.</summary>
internal static class Sql
{
    /// <summary>A literal, as standard_conforming_strings has them.</summary>
    public static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
