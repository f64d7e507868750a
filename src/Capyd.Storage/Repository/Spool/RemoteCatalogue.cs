using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Repository.Spool;

/// <summary>What the remote store held when it was last listed, and what was stored and removed since. A cache, asked only while the
/// remote store does not answer.</summary>
internal sealed class RemoteCatalogue : IDisposable
{
    private static readonly CacheSchema Schema = new(
        Version: 1,
        """
        CREATE TABLE objects (
            name TEXT PRIMARY KEY,
            size INTEGER NOT NULL,
            modified_at INTEGER NOT NULL,
            round INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE rounds (begun INTEGER NOT NULL, ended INTEGER NOT NULL);
        INSERT INTO rounds VALUES (0, 0);
        """,
        CacheKilobytes: 1000);

    private readonly CacheDatabase _database;

    private RemoteCatalogue(CacheDatabase database) => _database = database;

    /// <summary>Opens the file; one that is missing, damaged or of another version is begun anew.</summary>
    public static RemoteCatalogue Open(string path)
    {
        DurableFile.CreateDirectory(DurableFile.ParentOf(path));
        return new RemoteCatalogue(CacheDatabase.Open(path, Schema));
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

    public void Dispose() => _database.Dispose();

    private T Read<T>(Func<MetadataSession, T> work) => _database.Read(work);

    private void Write(Action<MetadataTransaction> work) => _database.Write(work);
}
