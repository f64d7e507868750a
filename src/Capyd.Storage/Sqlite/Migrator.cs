using System.Globalization;

namespace Capyd.Storage.Sqlite;

/// <summary>Brings the schema to the newest version, one transaction for each numbered file.</summary>
internal sealed class Migrator(SessionConnection connection, TimeProvider clock)
{
    private static readonly (long Version, string Name)[] Known =
        [.. SqlText.NamesIn("Migrations").Select(name => (VersionOf(name), name))];

    /// <exception cref="SchemaTooNewException">A newer capyd has been here.</exception>
    public void Run()
    {
        if (CurrentVersion() > Known[^1].Version)
        {
            throw new SchemaTooNewException(connection.Path, CurrentVersion(), Known[^1].Version);
        }

        foreach (var (version, name) in Known)
        {
            if (version > CurrentVersion())
            {
                Apply(version, name);
            }
        }
    }

    private void Apply(long version, string name)
    {
        connection.Run("BEGIN IMMEDIATE");
        try
        {
            // Another process may have migrated while this one waited for the lock.
            if (version > CurrentVersion())
            {
                connection.Run(SqlText.Load(name));
                Record(version, name);
            }

            connection.Run("COMMIT");
        }
        catch
        {
            connection.RollBackIfOpen();
            throw;
        }
    }

    private void Record(long version, string name)
    {
        connection.Run(
            "CREATE TABLE IF NOT EXISTS schema_history (version INTEGER PRIMARY KEY, name TEXT NOT NULL, "
            + $"applied_at INTEGER NOT NULL) STRICT; PRAGMA user_version = {version}");
        new MetadataTransaction(connection).Insert(
            "schema_history", ("version", version), ("name", name), ("applied_at", clock.GetUtcNow()));
    }

    private long CurrentVersion() =>
        MetadataSession.ForReading(connection).First("PRAGMA user_version", row => row.Integer("user_version"));

    private static long VersionOf(string name) =>
        long.Parse(Path.GetFileName(name).AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);
}
