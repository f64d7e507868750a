using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Capyd.Postgres.Wal.Neighbours;

namespace Capyd.Postgres.Wal.Commands;

/// <summary>
/// Gives WAL to the restore_command of one server through a Unix socket: the OS user of that server cannot read the archive.
/// Everything is proven before it is given, and the next segment is made ready while the last one is replayed.
/// </summary>
public sealed class WalSocketServer : IAsyncDisposable
{
    /// <summary>One byte for the exit code, eight for the length of what follows.</summary>
    internal const int HeadBytes = 1 + 8;

    internal const int LongestName = 64;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly WalReadAhead _files;
    private readonly Task _serving;

    private WalSocketServer(string path, WalReadAhead files)
    {
        _files = files;
        File.Delete(path);
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        _socket.Listen();
        _serving = ServeAsync();
    }

    /// <summary>What was wrong when something could not be given; null when nothing was.</summary>
    public string? Failure { get; private set; }

    /// <summary>The name of what could not be given.</summary>
    public string? FailedName { get; private set; }

    /// <param name="path">The socket; who can reach it gets WAL, so its directory is to be closed to others.</param>
    /// <param name="directory">Where segments are made ready, whole and under their names: a restore_command that can enter it may copy one.</param>
    /// <param name="look">What the archive has.</param>
    /// <param name="absent">The numbers of databases of which the server has no pages: what changed them does nothing in the WAL that it gets.</param>
    public static WalSocketServer Start(
        string path, string directory, WalLineage lineage, Func<WalFileName, CancellationToken, Task<WalLookup>> look, IReadOnlySet<uint> absent)
    {
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new WalSocketServer(path, new WalReadAhead(directory, lineage, look, new NeighbourWal(lineage, absent)));
    }

    /// <summary>To be told of each file that the server took, also without asking.</summary>
    public void Taken(string name) => _files.Taken(name);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _serving;
        await _files.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _socket.AcceptAsync(_stop.Token);
                await AnswerAsync(client);
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The client is gone, or we stop. To a client that gets no answer it is a failure, never the archive's end.
                Failure ??= _stop.IsCancellationRequested ? null : e.Message;
            }
        }
    }

    private async Task AnswerAsync(Socket client)
    {
        var name = await ReadNameAsync(client);
        var ready = await _files.TakeAsync(name, _stop.Token);
        (Failure, FailedName) = ready.ExitCode == WalFetch.Failed ? (ready.Error, name) : (Failure, FailedName);
        var head = new byte[HeadBytes];
        head[0] = (byte)ready.ExitCode;
        var words = Encoding.UTF8.GetBytes(ready.Error ?? "");
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(1), ready.Path is null ? words.Length : new FileInfo(ready.Path).Length);
        await SendAsync(client, head);
        if (ready.Path is null)
        {
            await SendAsync(client, words);
            return;
        }

        await client.SendFileAsync(ready.Path, _stop.Token);
        _files.Taken(name);
    }

    private async Task<string> ReadNameAsync(Socket client)
    {
        var text = new byte[LongestName];
        var length = 0;
        while (length < text.Length && (length == 0 || text[length - 1] != '\n'))
        {
            var count = await client.ReceiveAsync(text.AsMemory(length), _stop.Token);
            length += count > 0 ? count : throw new IOException("A client of the WAL socket went away before it had asked.");
        }

        return Encoding.UTF8.GetString(text, 0, length).TrimEnd('\n');
    }

    private async Task SendAsync(Socket client, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await client.SendAsync(bytes, _stop.Token)..];
        }
    }
}
