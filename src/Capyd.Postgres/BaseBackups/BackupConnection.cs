using System.Buffers.Binary;
using System.Net.Sockets;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wire;

namespace Capyd.Postgres.BaseBackups;

/// <summary>
/// A session of a base backup over the server's Unix socket: of replication, or of SQL. pg_basebackup can write one tablespace
/// to a pipe and no more, Npgsql has no BASE_BACKUP and costs too much for the content of files; this speaks the little of the
/// protocol that both need.
/// </summary>
internal sealed class BackupConnection : IAsyncDisposable
{
    private const int LargestMessage = 1024 * 1024 * 1024;

    private readonly WireConnection _connection;

    private BackupConnection(WireConnection connection) => _connection = connection;

    /// <summary>WARNING and NOTICE messages so far, the last few of them.</summary>
    public List<string> Notices { get; } = [];

    /// <summary>For BASE_BACKUP.</summary>
    /// <exception cref="BaseBackupFailedException">The server is not there, or refuses.</exception>
    public static Task<BackupConnection> OpenAsync(ClusterEndpoint endpoint, string applicationName, CancellationToken ct) => OpenAsync(
        endpoint,
        ["replication", "true", "application_name", applicationName, "options", "-c statement_timeout=0 -c lock_timeout=0"],
        ct);

    /// <summary>For statements, in the maintenance database.</summary>
    /// <inheritdoc cref="OpenAsync(ClusterEndpoint, string, CancellationToken)"/>
    public static Task<BackupConnection> OpenSqlAsync(ClusterEndpoint endpoint, string applicationName, CancellationToken ct) => OpenAsync(
        endpoint,
        [
            "database", ConnectionText.MaintenanceDatabase, "application_name", applicationName,
            "options", $"{ConnectionText.SessionOptions} -c idle_session_timeout=0",
        ],
        ct);

    private static async Task<BackupConnection> OpenAsync(ClusterEndpoint endpoint, string[] settings, CancellationToken ct)
    {
        try
        {
            var connection = new BackupConnection(await WireConnection.OpenAsync(endpoint, ct));
            try
            {
                await connection.LogInAsync(endpoint.AdminRole, settings, ct);
                return connection;
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
        catch (Exception e) when (e is SocketException or PostgresFailedException)
        {
            throw new BaseBackupFailedException(
                $"The server at {endpoint.SocketDirectory}, port {endpoint.Port}, cannot be reached: {e.Message}", BaseBackupFailure.ConnectionLost, e);
        }
    }

    /// <exception cref="BaseBackupFailedException">The connection ended.</exception>
    public async Task SendQueryAsync(string query, CancellationToken ct)
    {
        try
        {
            await _connection.SendAsync(ClientMessages.Query(query), ct);
        }
        catch (SocketException e)
        {
            throw Lost(e);
        }
    }

    /// <summary>The next message that is neither a notice nor a setting.</summary>
    /// <exception cref="BaseBackupFailedException">The server reports an error, or the connection ended.</exception>
    public async ValueTask<WireMessage> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            var message = await ReadAnyAsync(ct);
            switch (message.Type)
            {
                case 'E':
                    throw ServerErrors.From(WireFields.Report(message.Body.Span), Notices);
                case 'N':
                    Remember(WireFields.Report(message.Body.Span));
                    break;
                case 'S' or 'K':
                    break;
                default:
                    return message;
            }
        }
    }

    /// <summary>The rows of the result that comes next.</summary>
    public async Task<List<string?[]>> ReadRowsAsync(CancellationToken ct)
    {
        var rows = new List<string?[]>();
        while (true)
        {
            var message = await ReadAsync(ct);
            switch (message.Type)
            {
                case 'T':
                    break;
                case 'D':
                    rows.Add(WireFields.Row(message.Body.Span));
                    break;
                case 'C':
                    return rows;
                default:
                    throw Unexpected(message.Type, "rows");
            }
        }
    }

    /// <summary>The rows of one statement, as texts.</summary>
    /// <exception cref="BaseBackupFailedException">The server reports an error, or the connection ended.</exception>
    public async Task<List<string?[]>> QueryAsync(string sql, CancellationToken ct)
    {
        await SendQueryAsync(sql, ct);
        var rows = await ReadRowsAsync(ct);
        await EndAsync(ct);
        return rows;
    }

    /// <summary>Reads that the statement has ended.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        var end = await ReadAsync(ct);
        if (end.Type != 'Z')
        {
            throw Unexpected(end.Type, "the end of a command");
        }
    }

    public static BaseBackupFailedException Unexpected(char type, string instead) =>
        new($"The server sent a message of type {type} where {instead} were due.", BaseBackupFailure.Other);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task LogInAsync(string role, string[] settings, CancellationToken ct)
    {
        await _connection.SendAsync(ClientMessages.Startup(["user", role, "client_encoding", "UTF8", .. settings]), ct);
        while (await ReadAsync(ct) is { Type: not 'Z' } answer)
        {
            if (answer.Type != 'R' || BinaryPrimitives.ReadInt32BigEndian(answer.Body.Span) != 0)
            {
                throw new BaseBackupFailedException(
                    $"The server demands a password of {role} for replication. Let the OS user in by a line of pg_hba.conf such as "
                    + $"\"local replication {role} peer\", before lines that ask for passwords.",
                    BaseBackupFailure.Refused);
            }
        }
    }

    private async ValueTask<WireMessage> ReadAnyAsync(CancellationToken ct)
    {
        try
        {
            var (type, length) = await _connection.HeadAsync(ct);
            return length is >= 0 and <= LargestMessage
                ? new WireMessage(type, await _connection.BodyAsync(length, ct))
                : throw new BaseBackupFailedException($"The server announced a message of {length} bytes.", BaseBackupFailure.Other);
        }
        catch (Exception e) when (e is SocketException or PostgresFailedException)
        {
            throw Lost(e);
        }
    }

    private static BaseBackupFailedException Lost(Exception e) =>
        new($"The connection ended during the base backup: {e.Message}", BaseBackupFailure.ConnectionLost, e);

    private void Remember(Dictionary<char, string> notice)
    {
        if (Notices.Count < ServerErrors.NoticesQuoted)
        {
            Notices.Add(notice.GetValueOrDefault('M', ""));
        }
    }
}
