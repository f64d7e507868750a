using Npgsql;

namespace Capyd.SystemTests.Kit;

/// <summary>SQL as the superuser, over the socket.</summary>
public sealed class Superuser(string socketDirectory, int port)
{
    public string SocketDirectory { get; } = socketDirectory;

    public int Port { get; } = port;

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of each row, as text.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        return await connection.ListAsync(sql);
    }

    public async Task<string?> OneAsync(string database, string sql) => (await ListAsync(database, sql)).SingleOrDefault();

    /// <summary>A session of its own, to be disposed.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var text = new NpgsqlConnectionStringBuilder { Host = SocketDirectory, Port = Port, Username = "capyd", Database = database, Pooling = false };
        var connection = new NpgsqlConnection(text.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
