namespace Capyd.Postgres.Cluster;

/// <summary>A database as it should be.</summary>
/// <param name="Locale">Null for the cluster's own.</param>
/// <param name="Settings">Kept with ALTER DATABASE SET.</param>
/// <param name="ConnectionLimit">The most sessions at a time; -1 for no limit.</param>
/// <param name="Marker">Kept as the database's comment; tells a database of ours from anybody else's.</param>
public sealed record DatabaseSpec(
    DatabaseName Name,
    RoleName Owner,
    DatabaseLocale? Locale,
    IReadOnlyDictionary<string, string> Settings,
    int ConnectionLimit = -1,
    string Marker = "");
