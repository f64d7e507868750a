using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Clones;

/// <summary>
/// A session over the server's Unix socket that knows statements without parameters, and COPY to the client. The driver
/// takes each row by itself, which cost more processor time than the server needed to send it; here rows are handed on as
/// they lie in the buffer. Closing the socket ends the session, whatever it does.
/// </summary>
internal sealed class RawSession : IAsyncDisposable
{
    private const int ProtocolVersion = 3 << 16;
    private const int HeaderBytes = 5;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _buffer = new byte[256 << 10];
    private int _start;
    private int _end;

    private RawSession()
    {
    }

    /// <exception cref="PostgresFailedException">The server refuses, or wants a password.</exception>
    public static async Task<RawSession> OpenAsync(ClusterEndpoint endpoint, DatabaseName database, string applicationName, CancellationToken cancellationToken)
    {
        var session = new RawSession();
        try
        {
            var path = Path.Combine(endpoint.SocketDirectory, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{endpoint.Port}"));
            await session._socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            await session.SendAsync(null, Startup(endpoint, database, applicationName), cancellationToken);
            await session.UntilReadyAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await SendAsync('Q', Encoding.UTF8.GetBytes(sql + "\0"), cancellationToken);
        await UntilReadyAsync(cancellationToken);
    }

    /// <summary>Runs a COPY … TO STDOUT.</summary>
    /// <param name="take">Takes a piece; it may keep it until the task that it returned has ended and not longer.</param>
    /// <returns>How many rows the server says it sent.</returns>
    public async Task<long> CopyOutAsync(string sql, Func<ReadOnlyMemory<byte>, Task> take, CancellationToken cancellationToken)
    {
        await SendAsync('Q', Encoding.UTF8.GetBytes(sql + "\0"), cancellationToken);
        var pieces = new CopyPieces(take);
        var rows = 0L;
        while (await NextAsync(cancellationToken) is var (type, length) && type != 'Z')
        {
            if (type == 'd')
            {
                await HandOnAsync(pieces, length, cancellationToken);
                continue;
            }

            var body = await BodyAsync(length, cancellationToken);
            rows = type == 'C' ? RowsOf(Encoding.ASCII.GetString(body.Span)) : rows;
            ThrowIfError(type, body);
        }

        await BodyAsync(1, cancellationToken);
        await pieces.EndAsync();
        return rows;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task HandOnAsync(CopyPieces pieces, int length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            if (_start == _end)
            {
                await ReceiveAsync(cancellationToken);
            }

            var count = Math.Min(length, _end - _start);
            var added = pieces.Add(_buffer.AsSpan(_start, count));
            _start += added;
            length -= added;
            if (pieces.IsFull)
            {
                await pieces.SendAsync();
            }
        }
    }

    private async Task UntilReadyAsync(CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is var (type, length))
        {
            var body = await BodyAsync(length, cancellationToken);
            ThrowIfError(type, body);
            if (type == 'R' && BinaryPrimitives.ReadInt32BigEndian(body.Span) != 0)
            {
                throw new PostgresFailedException(
                    "The server wants a password from capyd's superuser over its socket. Let it in by peer authentication in pg_hba.conf.", null, RetryClass.Permanent);
            }

            if (type == 'Z')
            {
                return;
            }
        }
    }

    private async Task<(char Type, int Length)> NextAsync(CancellationToken cancellationToken)
    {
        var header = await BodyAsync(HeaderBytes, cancellationToken);
        return ((char)header.Span[0], BinaryPrimitives.ReadInt32BigEndian(header.Span[1..]) - sizeof(int));
    }

    /// <returns>The next bytes; good until more is read.</returns>
    private async ValueTask<ReadOnlyMemory<byte>> BodyAsync(int length, CancellationToken cancellationToken)
    {
        if (length > _buffer.Length)
        {
            throw new PostgresFailedException("The server sent a message that is too long to be one.", null, RetryClass.Transient);
        }

        while (_end - _start < length)
        {
            await ReceiveAsync(cancellationToken);
        }

        _start += length;
        return _buffer.AsMemory(_start - length, length);
    }

    private async ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var count = await _socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count > 0 ? count : throw new PostgresFailedException("The server closed the session.", null, RetryClass.Transient);
    }

    private async Task SendAsync(char? type, byte[] body, CancellationToken cancellationToken)
    {
        var message = new List<byte>(body.Length + HeaderBytes);
        message.AddRange(type is { } letter ? [(byte)letter] : []);
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length + sizeof(int));
        message.AddRange(length);
        message.AddRange(body);
        for (var rest = message.ToArray().AsMemory(); rest.Length > 0;)
        {
            rest = rest[await _socket.SendAsync(rest, cancellationToken)..];
        }
    }

    private static byte[] Startup(ClusterEndpoint endpoint, DatabaseName database, string applicationName)
    {
        var version = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(version, ProtocolVersion);
        string[] words =
        [
            "user", endpoint.AdminRole, "database", database.ToString(), "application_name", applicationName, "client_encoding", "UTF8",
            "options", ConnectionText.SessionOptions, "",
        ];
        return [.. version, .. words.SelectMany(static word => Encoding.UTF8.GetBytes(word + "\0"))];
    }

    /// <summary>"COPY 42" and a zero byte.</summary>
    private static long RowsOf(string tag) =>
        long.TryParse(tag.TrimEnd('\0').Split(' ')[^1], CultureInfo.InvariantCulture, out var rows) ? rows : 0;

    private static void ThrowIfError(char type, ReadOnlyMemory<byte> body)
    {
        if (type != 'E')
        {
            return;
        }

        var fields = Encoding.UTF8.GetString(body.Span).Split('\0', StringSplitOptions.RemoveEmptyEntries).ToLookup(static field => field[0], static field => field[1..]);
        var state = fields['C'].FirstOrDefault() ?? "";
        throw new PostgresFailedException($"{fields['M'].FirstOrDefault()} (SQLSTATE {state})", state, PostgresFailure.Classify(state));
    }
}
