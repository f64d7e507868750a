using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>
/// Which chunk lies where. A cache: everything in it can be read again from the footers of the packs, and it may lag
/// behind them. One chunk may lie in several packs.
/// </summary>
internal sealed partial class ChunkCatalogue : IDisposable
{
    private const int Version = 1;

    // A lost transaction is read again from the packs, so nothing here waits for the disk.
    private const string Pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8000";

    private const string Schema = """
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
        """;

    private readonly string _path;
    private readonly Lock _gate = new();
    private SessionConnection _connection;

    private ChunkCatalogue(string path, SessionConnection connection)
    {
        _path = path;
        _connection = connection;
    }

    /// <summary>Opens the file; one that is missing, damaged or of another version is begun anew.</summary>
    public static ChunkCatalogue Open(string path)
    {
        try
        {
            return new ChunkCatalogue(path, Connect(path));
        }
        catch (MetadataCorruptException)
        {
            Remove(path);
            return new ChunkCatalogue(path, Connect(path));
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _connection.Dispose();
            Remove(_path);
            _connection = Connect(_path);
        }
    }

    public void Dispose() => _connection.Dispose();

    private static SessionConnection Connect(string path)
    {
        using (NativeFile.OpenForLocking(path))
        {
        }

        var connection = SessionConnection.Open(path, Pragmas);
        try
        {
            var version = MetadataSession.ForReading(connection).First("PRAGMA user_version", row => row.Int32("user_version"));
            if (version == 0)
            {
                connection.Run($"BEGIN; {Schema} PRAGMA user_version = {Version}; COMMIT");
            }

            return version is 0 or Version
                ? connection
                : throw new MetadataCorruptException(path, $"its version is {version}, not {Version}");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Remove(string path)
    {
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(path + suffix);
        }
    }

    private T Read<T>(Func<MetadataSession, T> work)
    {
        lock (_gate)
        {
            return work(MetadataSession.ForReading(_connection));
        }
    }

    private void Write(Action<MetadataTransaction> work)
    {
        lock (_gate)
        {
            _connection.Run("BEGIN IMMEDIATE");
            try
            {
                work(new MetadataTransaction(_connection));
                _connection.Run("COMMIT");
            }
            catch
            {
                _connection.RollBackIfOpen();
                throw;
            }
        }
    }
}
