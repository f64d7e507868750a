using System.Globalization;
using Npgsql;

namespace Capyd.SystemTests.Kit;

/// <summary>A client of a project's database: it has the URL of <c>…/connections</c> and nothing else.</summary>
public static class Tenant
{
    /// <summary>Opens a session by URL; another database or password may be tried.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(string url, string? database = null)
    {
        var connection = new NpgsqlConnection(ConnectionText(url, database));
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public static async Task ExecuteAsync(string url, string sql)
    {
        await using var connection = await OpenAsync(url);
        await connection.ExecuteAsync(sql);
    }

    public static async Task<string?> OneAsync(string url, string sql)
    {
        await using var connection = await OpenAsync(url);
        return (await connection.ListAsync(sql)).SingleOrDefault();
    }

    /// <summary>The SQLSTATE of the refusal; a test that is not refused fails.</summary>
    public static async Task<string> RefusalAsync(string url, string? database = null) =>
        (await Assert.ThrowsAsync<PostgresException>(() => OpenAsync(url, database))).SqlState;

    public static async Task ExecuteAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<IReadOnlyList<string>> ListAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture) ?? "");
        }

        return rows;
    }

    private static string ConnectionText(string url, string? database)
    {
        var uri = new Uri(url);
        var user = uri.UserInfo.Split(':');
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host, Port = uri.Port, Username = Uri.UnescapeDataString(user[0]), Password = Uri.UnescapeDataString(user[1]),
            Database = database ?? Uri.UnescapeDataString(uri.AbsolutePath[1..]), Pooling = false, SslMode = SslMode.Disable,
        }.ConnectionString;
    }
}
