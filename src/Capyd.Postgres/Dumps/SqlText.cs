using System.Collections.Concurrent;

namespace Capyd.Postgres.Dumps;

/// <summary>The statements kept in Sql/, one to a file.</summary>
internal static class SqlText
{
    private static readonly ConcurrentDictionary<string, string> Texts = new();

    /// <param name="name">The file's name without directory and extension.</param>
    public static string Of(string name) => Texts.GetOrAdd(name, static n => Read($"Sql/{n}.sql"));

    private static string Read(string resource)
    {
        using var stream = typeof(SqlText).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not part of this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
