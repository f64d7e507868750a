namespace Capyd.Storage.Sqlite;

/// <summary>Reads and writes that become durable together, or not at all.</summary>
public sealed class MetadataTransaction : MetadataSession
{
    internal MetadataTransaction(SessionConnection connection)
        : base(connection)
    {
    }

    /// <returns>The number of rows that were changed.</returns>
    internal int Execute(string sql, params ReadOnlySpan<(string Name, SqlValue Value)> values) =>
        Change(sql, values);

    /// <returns>True when exactly one row was changed.</returns>
    internal bool ChangeOne(string sql, params ReadOnlySpan<(string Name, SqlValue Value)> values) =>
        Change(sql, values) == 1;

    /// <summary>Inserts one row; each value's name is its column.</summary>
    internal void Insert(string table, params ReadOnlySpan<(string Name, SqlValue Value)> values)
    {
        var columns = new List<string>(values.Length);
        foreach (var (name, _) in values)
        {
            columns.Add(name);
        }

        Change($"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES (@{string.Join(", @", columns)})", values);
    }
}
