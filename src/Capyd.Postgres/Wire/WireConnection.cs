using System.Buffers.Binary;
using System.Net.Sockets;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wire;

/// <summary>
/// The frames of PostgreSQL's protocol over the server's Unix socket, as they lie in one buffer. What they mean, and which
/// of them are too long, is the caller's affair. Closing the socket ends the session, whatever it does.
/// </summary>
internal sealed class WireConnection : IAsyncDisposable
{
    public const int HeadBytes = 1 + sizeof(int);

    private readonly Socket _socket;
    private byte[] _buffer = new byte[256 << 10];
    private int _start;
    private int _end;

    private WireConnection(Socket socket) => _socket = socket;

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<WireConnection> OpenAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken) =>
        new(await ServerSocket.ConnectAsync(endpoint.SocketDirectory, endpoint.Port, cancellationToken));

    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        while (message.Length > 0)
        {
            message = message[await _socket.SendAsync(message, cancellationToken)..];
        }
    }

    /// <summary>To be followed by reading all of the body.</summary>
    /// <exception cref="PostgresFailedException">The server closed the session.</exception>
    public async ValueTask<WireHead> HeadAsync(CancellationToken cancellationToken)
    {
        var head = await BodyAsync(HeadBytes, cancellationToken);
        return new WireHead((char)head.Span[0], BinaryPrimitives.ReadInt32BigEndian(head.Span[1..]) - sizeof(int));
    }

    /// <returns>The next bytes, as many as these; good until more is read.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> BodyAsync(int length, CancellationToken cancellationToken)
    {
        while (_end - _start < length)
        {
            await ReceiveAsync(length, cancellationToken);
        }

        return Take(length);
    }

    /// <returns>At least one byte and not more than these; good until more is read.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> PieceAsync(int most, CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            await ReceiveAsync(1, cancellationToken);
        }

        return Take(Math.Min(most, _end - _start));
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        _start += length;
        return _buffer.AsMemory(_start - length, length);
    }

    private async ValueTask ReceiveAsync(int needed, CancellationToken cancellationToken)
    {
        var buffer = _buffer.Length < needed ? new byte[needed] : _buffer;
        _buffer.AsSpan(_start, _end - _start).CopyTo(buffer);
        (_buffer, _start, _end) = (buffer, 0, _end - _start);
        var count = await _socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count > 0 ? count : throw new PostgresFailedException("The server closed the session.", null, RetryClass.Transient);
    }
}
