using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Capyd.Postgres.Wal.Commands;

/// <summary>The restore_command of a server that is served by <see cref="WalSocketServer"/>.</summary>
public static class WalSocketClient
{
    private const int PieceBytes = 256 << 10;

    /// <param name="name">%f</param>
    /// <param name="destination">%p</param>
    /// <param name="error">Told what is wrong, in one line.</param>
    /// <returns>The exit code, as of <see cref="WalFetch"/>. Never throws.</returns>
    public static async Task<int> FetchAsync(string socket, string name, string destination, Action<string> error)
    {
        try
        {
            using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket));
            await using var stream = new NetworkStream(connection);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(name + "\n"));
            var head = new byte[WalSocketServer.HeadBytes];
            await stream.ReadExactlyAsync(head);
            var length = BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(1));
            if (head[0] == WalFetch.Delivered)
            {
                await WriteAsync(stream, length, destination);
                return WalFetch.Delivered;
            }

            var words = new byte[Math.Min(length, PieceBytes)];
            await stream.ReadExactlyAsync(words);
            return head[0] == WalFetch.NotInArchive ? WalFetch.NotInArchive : Refuse(error, Encoding.UTF8.GetString(words));
        }
        catch (Exception e)
        {
            // Any exit code but 255 would let PostgreSQL promote with data lost.
            return Refuse(error, $"Could not fetch {name} through {socket}: {e.Message}");
        }
    }

    private static int Refuse(Action<string> error, string words)
    {
        error(words);
        return WalFetch.Failed;
    }

    private static async Task WriteAsync(NetworkStream stream, long length, string destination)
    {
        var unfinished = UnfinishedWal.Fresh(destination);
        await using (var target = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            var piece = new byte[(int)Math.Min(PieceBytes, Math.Max(1, length))];
            while (length > 0)
            {
                var count = await stream.ReadAsync(piece.AsMemory(0, (int)Math.Min(piece.Length, length)));
                length -= count > 0 ? count : throw new EndOfStreamException("capyd went away");
                await target.WriteAsync(piece.AsMemory(0, count));
            }
        }

        File.Move(unfinished, destination, overwrite: true);
    }
}
