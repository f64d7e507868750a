namespace Capyd.Storage.Sqlite;

/// <summary>How a <see cref="CacheDatabase"/> is laid out.</summary>
/// <param name="Version">Of the statements; above 0.</param>
/// <param name="Statements">What makes the tables of a new file.</param>
/// <param name="CacheKilobytes">Of pages that SQLite may keep in memory.</param>
internal sealed record CacheSchema(int Version, string Statements, int CacheKilobytes)
{
    public string Pragmas => $"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -{CacheKilobytes}";
}
