namespace Capyd.Storage.Sqlite;

/// <summary>SQL kept in <c>.sql</c> files beside the stores, embedded under their relative path.</summary>
internal static class SqlText
{
    /// <param name="name">For example <c>Jobs/ClaimNextJob.sql</c>.</param>
    public static string Load(string name)
    {
        using var stream = typeof(SqlText).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"This build lacks the embedded file {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public static IEnumerable<string> NamesIn(string folder) =>
        typeof(SqlText).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
