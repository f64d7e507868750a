using Capyd.Storage.Repository;

namespace Capyd.Storage.Sqlite;

/// <summary>A SQLite file of what can be learnt again from elsewhere: one that is damaged or of another version is begun anew, and
/// nothing in it waits for the disk.</summary>
internal sealed class CacheDatabase : IDisposable
{
    private readonly string _path;
    private readonly CacheSchema _schema;
    private readonly Lock _gate = new();
    private SessionConnection _connection;

    private CacheDatabase(string path, CacheSchema schema, SessionConnection connection)
    {
        _path = path;
        _schema = schema;
        _connection = connection;
    }

    public static CacheDatabase Open(string path, CacheSchema schema)
    {
        try
        {
            return new CacheDatabase(path, schema, Connect(path, schema));
        }
        catch (MetadataCorruptException)
        {
            Remove(path);
            return new CacheDatabase(path, schema, Connect(path, schema));
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _connection.Dispose();
            Remove(_path);
            _connection = Connect(_path, _schema);
        }
    }

    public T Read<T>(Func<MetadataSession, T> work)
    {
        lock (_gate)
        {
            return work(MetadataSession.ForReading(_connection));
        }
    }

    public void Write(Action<MetadataTransaction> work)
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

    public void Dispose() => _connection.Dispose();

    private static SessionConnection Connect(string path, CacheSchema schema)
    {
        using (NativeFile.OpenForLocking(path))
        {
        }

        var connection = SessionConnection.Open(path, schema.Pragmas);
        try
        {
            var version = MetadataSession.ForReading(connection).First("PRAGMA user_version", row => row.Int32("user_version"));
            if (version == 0)
            {
                connection.Run($"BEGIN; {schema.Statements} PRAGMA user_version = {schema.Version}; COMMIT");
            }

            return version == 0 || version == schema.Version
                ? connection
                : throw new MetadataCorruptException(path, $"its version is {version}, not {schema.Version}");
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
}
