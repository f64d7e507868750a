using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Repository.Spool;

/// <summary>What the remote store held when it was last listed, and what was stored and removed since. A cache, asked only while the
/// remote store does not answer.</summary>
internal sealed class RemoteCatalogue : IDisposable
{
    private const int Version = 1;
    private const string Pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -1000";

    private const string Schema = """
        CREATE TABLE objects (
            name TEXT PRIMARY KEY,
            size INTEGER NOT NULL,
            modified_at INTEGER NOT NULL,
            round INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE rounds (begun INTEGER NOT NULL, ended INTEGER NOT NULL);
        INSERT INTO rounds VALUES (0, 0);
        """;

    private readonly Lock _gate = new();
    private readonly SessionConnection _connection;

    private RemoteCatalogue(SessionConnection connection) => _connection = connection;

    /// <summary>Opens the file; one that is missing, damaged or of another version is begun anew.</summary>
    public static RemoteCatalogue Open(string path)
    {
        DurableFile.CreateDirectory(DurableFile.ParentOf(path));
        try
        {
            return new RemoteCatalogue(Connect(path));
        }
        catch (MetadataCorruptException)
        {
            foreach (var suffix in (string[])["", "-wal", "-shm"])
            {
                File.Delete(path + suffix);
            }

            return new RemoteCatalogue(Connect(path));
        }
    }

    /// <summary>Whether the remote was ever listed to its end, so that what is not here is not there.</summary>
    public bool IsWhole => Read(session => session.First("SELECT ended FROM rounds", row => row.Integer("ended"))) > 0;

    public bool Contains(ObjectName name) =>
        Read(session => session.Query("SELECT 1 FROM objects WHERE name = @name", static _ => true, ("name", name.ToString()))).Count > 0;

    /// <summary>In order of name.</summary>
    public List<StoredObject> List(string prefix) => Read(session => session.Query(
        "SELECT name, size, modified_at FROM objects WHERE name >= @prefix AND name < @end ORDER BY name",
        static row => new StoredObject(ObjectName.Parse(row.Text("name")), row.Integer("size"), row.Time("modified_at")),
        ("prefix", prefix),
        ("end", prefix + "\x7f")));

    /// <summary>Begins to list the remote anew.</summary>
    public void BeginRound() => Write(static tx => tx.Execute("UPDATE rounds SET begun = begun + 1"));

    public void Enter(IReadOnlyList<StoredObject> found) => Write(tx =>
    {
        foreach (var one in found)
        {
            tx.Execute(
                "INSERT OR REPLACE INTO objects SELECT @name, @size, @at, begun FROM rounds",
                ("name", one.Name.ToString()), ("size", one.Size), ("at", one.ModifiedAt));
        }
    });

    /// <summary>Everything was listed: what was not seen since the beginning of the round is gone.</summary>
    public void EndRound() => Write(static tx =>
    {
        tx.Execute("DELETE FROM objects WHERE round < (SELECT begun FROM rounds)");
        tx.Execute("UPDATE rounds SET ended = begun");
    });

    public void Forget(ObjectName name) => Write(tx => tx.Execute("DELETE FROM objects WHERE name = @name", ("name", name.ToString())));

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

            return version is 0 or Version ? connection : throw new MetadataCorruptException(path, $"its version is {version}, not {Version}");
        }
        catch
        {
            connection.Dispose();
            throw;
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
