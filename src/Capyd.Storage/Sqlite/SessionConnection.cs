using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Capyd.Storage.Sqlite;

/// <summary>One connection with our pragmas and its prepared statements; used by one caller at a time.</summary>
internal sealed class SessionConnection : IDisposable
{
    public const int BusyTimeoutSeconds = 10;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    private SessionConnection(SqliteConnection connection, string path)
    {
        _connection = connection;
        Path = path;
    }

    public string Path { get; }

    public bool InTransaction => sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>Opens an existing file; creating one is the business of <see cref="MetadataDatabase"/>.</summary>
    public static SessionConnection Open(string path, string pragmas)
    {
        SqliteProvider.EnsureLoaded();
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = BusyTimeoutSeconds,
        };
        var opened = new SessionConnection(new SqliteConnection(text.ConnectionString), path);
        try
        {
            opened._connection.Open();
            opened.Run($"PRAGMA busy_timeout = {BusyTimeoutSeconds * 1000}; PRAGMA foreign_keys = ON; {pragmas}");
            return opened;
        }
        catch (SqliteException error)
        {
            opened.Dispose();
            throw SqliteFailure.Translate(error, path);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements once, without keeping them prepared.</summary>
    public void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        try
        {
            command.ExecuteNonQuery();
        }
        catch (SqliteException error)
        {
            throw SqliteFailure.Translate(error, Path);
        }
    }

    public SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, SqlValue Value)> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            _commands.Add(sql, command);
        }

        command.Parameters.Clear();
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue("@" + name, value.Stored);
        }

        return command;
    }

    public void RollBackIfOpen()
    {
        if (InTransaction)
        {
            Run("ROLLBACK");
        }
    }

    /// <summary>Copies the whole database, as one consistent moment, into an empty file.</summary>
    public void CopyTo(SessionConnection target)
    {
        try
        {
            _connection.BackupDatabase(target._connection);
        }
        catch (SqliteException error)
        {
            throw SqliteFailure.Translate(error, Path);
        }
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }
}
