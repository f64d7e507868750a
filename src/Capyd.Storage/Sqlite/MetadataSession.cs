using Microsoft.Data.Sqlite;

namespace Capyd.Storage.Sqlite;

/// <summary>Reads of one consistent moment. Valid only inside the delegate it was handed to.</summary>
public class MetadataSession
{
    private readonly SessionConnection _connection;

    private protected MetadataSession(SessionConnection connection) => _connection = connection;

    internal static MetadataSession ForReading(SessionConnection connection) => new(connection);

    /// <summary>The rows of a query; <paramref name="map"/> must not use the session itself.</summary>
    internal List<T> Query<T>(
        string sql, Func<ResultRow, T> map, params ReadOnlySpan<(string Name, SqlValue Value)> values)
    {
        try
        {
            using var reader = _connection.Prepare(sql, values).ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(map(new ResultRow(reader)));
            }

            return rows;
        }
        catch (SqliteException error)
        {
            throw SqliteFailure.Translate(error, _connection.Path);
        }
    }

    /// <summary>The first row, or <c>default</c> when there is none.</summary>
    internal T? First<T>(
        string sql, Func<ResultRow, T> map, params ReadOnlySpan<(string Name, SqlValue Value)> values) =>
        Query(sql, map, values) is [var first, ..] ? first : default;

    /// <summary>The answer of <c>SELECT EXISTS (…) AS found</c>.</summary>
    internal bool Exists(string sql, params ReadOnlySpan<(string Name, SqlValue Value)> values) =>
        First($"SELECT EXISTS ({sql}) AS found", row => row.Flag("found"), values);

    private protected int Change(string sql, ReadOnlySpan<(string Name, SqlValue Value)> values)
    {
        try
        {
            return _connection.Prepare(sql, values).ExecuteNonQuery();
        }
        catch (SqliteException error)
        {
            throw SqliteFailure.Translate(error, _connection.Path);
        }
    }
}
