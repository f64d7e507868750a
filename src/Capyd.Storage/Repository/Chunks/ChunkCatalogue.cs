using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>
/// Which chunk lies where. A cache: everything in it can be read again from the footers of the packs, and it may lag
/// behind them. One chunk may lie in several packs.
/// </summary>
internal sealed partial class ChunkCatalogue : IDisposable
{
    private static readonly CacheSchema Schema = new(
        Version: 1,
        """
        CREATE TABLE packs (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            size INTEGER NOT NULL,
            damaged INTEGER NOT NULL);
        CREATE TABLE chunks (
            id BLOB NOT NULL,
            pack INTEGER NOT NULL REFERENCES packs (number),
            offset INTEGER NOT NULL,
            stored INTEGER NOT NULL,
            plain INTEGER NOT NULL,
            damaged INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (id, pack)) WITHOUT ROWID;
        CREATE INDEX chunks_by_pack ON chunks (pack);
        CREATE TABLE live (id BLOB PRIMARY KEY) WITHOUT ROWID;
        """,
        CacheKilobytes: 8000);

    private readonly CacheDatabase _database;

    private ChunkCatalogue(CacheDatabase database) => _database = database;

    /// <summary>Opens the file; one that is missing, damaged or of another version is begun anew.</summary>
    public static ChunkCatalogue Open(string path) => new(CacheDatabase.Open(path, Schema));

    /// <summary>Forgets everything.</summary>
    public void Reset() => _database.Reset();

    public void Dispose() => _database.Dispose();

    private T Read<T>(Func<MetadataSession, T> work) => _database.Read(work);

    private void Write(Action<MetadataTransaction> work) => _database.Write(work);
}
