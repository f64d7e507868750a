using System.Globalization;

namespace Capyd.Postgres.Instances;

/// <summary>Where capyd's own PostgreSQL server lives.</summary>
/// <param name="DataDirectory">Holds pgdata/, run/ (the socket) and log/.</param>
/// <param name="OsUserWhenRoot">The OS user that owns and runs the server when capyd is root, which PostgreSQL refuses to be.</param>
/// <param name="PreferredPort">The first port to try at the first start; the one that was free is kept.</param>
public sealed record EmbeddedSettings(string DataDirectory, string OsUserWhenRoot = "postgres", int PreferredPort = 5433)
{
    /// <summary>The major version that the data was made by; null before the first start.</summary>
    public int? InitializedMajor()
    {
        var file = Path.Combine(DataDirectory, "pgdata", "PG_VERSION");
        return File.Exists(file) ? int.Parse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture) : null;
    }
}
