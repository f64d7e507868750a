using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>
/// A replication session over the server's Unix socket. pg_basebackup can write one tablespace to a pipe and no more, and
/// Npgsql has no BASE_BACKUP; this speaks the little of the protocol that the command needs.
/// </summary>
internal sealed class WalSenderConnection : IAsyncDisposable
{
    private const int Protocol = 3 << 16;
    private const int LargestMessage = 1024 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly BufferedStream _stream;
    private readonly byte[] _head = new byte[5];
    private byte[] _body = new byte[64 * 1024];

    private WalSenderConnection(Socket socket)
    {
        _socket = socket;
        _stream = new BufferedStream(new NetworkStream(socket), 256 * 1024);
    }

    /// <summary>WARNING and NOTICE messages so far, the last few of them.</summary>
    public List<string> Notices { get; } = [];

    /// <exception cref="BaseBackupFailedException">The server is not there, or refuses.</exception>
    public static async Task<WalSenderConnection> OpenAsync(ClusterEndpoint endpoint, string applicationName, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            var path = Path.Combine(endpoint.SocketDirectory, $".s.PGSQL.{endpoint.Port.ToString(CultureInfo.InvariantCulture)}");
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            var connection = new WalSenderConnection(socket);
            await connection.LogInAsync(endpoint.AdminRole, applicationName, ct);
            return connection;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            socket.Dispose();
            throw new BaseBackupFailedException(
                $"The server at {endpoint.SocketDirectory}, port {endpoint.Port}, cannot be reached: {e.Message}", BaseBackupFailure.ConnectionLost, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task SendQueryAsync(string query, CancellationToken ct)
    {
        var text = Encoding.UTF8.GetBytes(query);
        var message = new byte[1 + 4 + text.Length + 1];
        message[0] = (byte)'Q';
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + text.Length + 1);
        text.CopyTo(message, 5);
        await SendAsync(message, ct);
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

    public static BaseBackupFailedException Unexpected(char type, string instead) =>
        new($"The server sent a message of type {type} where {instead} were due.", BaseBackupFailure.Other);

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }

    private async Task LogInAsync(string role, string applicationName, CancellationToken ct)
    {
        string[] settings =
        [
            "user", role, "replication", "true", "application_name", applicationName,
            "options", "-c statement_timeout=0 -c lock_timeout=0", "client_encoding", "UTF8", "",
        ];
        var text = Encoding.UTF8.GetBytes(string.Join('\0', settings) + '\0');
        var message = new byte[8 + text.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), Protocol);
        text.CopyTo(message, 8);
        await SendAsync(message, ct);
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

    private async Task SendAsync(byte[] message, CancellationToken ct)
    {
        await _stream.WriteAsync(message, ct);
        await _stream.FlushAsync(ct);
    }

    private async ValueTask<WireMessage> ReadAnyAsync(CancellationToken ct)
    {
        try
        {
            await _stream.ReadExactlyAsync(_head, ct);
            var length = BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(1)) - 4;
            if (length is < 0 or > LargestMessage)
            {
                throw new BaseBackupFailedException($"The server announced a message of {length} bytes.", BaseBackupFailure.Other);
            }

            if (_body.Length < length)
            {
                _body = new byte[length];
            }

            await _stream.ReadExactlyAsync(_body.AsMemory(0, length), ct);
            return new WireMessage((char)_head[0], _body.AsMemory(0, length));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new BaseBackupFailedException(
                $"The connection ended during the base backup: {e.Message}", BaseBackupFailure.ConnectionLost, e);
        }
    }

    private void Remember(Dictionary<char, string> notice)
    {
        if (Notices.Count < ServerErrors.NoticesQuoted)
        {
            Notices.Add(notice.GetValueOrDefault('M', ""));
        }
    }
}
