using System.Net.Sockets;
using System.Text;
using Capyd.Postgres.Tools;

namespace Capyd.Hosting;

/// <summary>The Unix socket beside the TCP address: made in the place of a dead daemon's, never of a living one's.</summary>
internal sealed class OperatorSocket(DataDirectory directories, CapydOptions options, TimeProvider clock)
{
    private const int LongestPath = 107;

    /// <summary>For Kestrel; null when the path is too long for a socket and nobody asked for that one.</summary>
    public string? Url => Encoding.UTF8.GetByteCount(directories.Socket) <= LongestPath ? "http://unix:" + directories.Socket : null;

    /// <summary>Removes what a dead daemon left.</summary>
    /// <exception cref="IOException">Somebody listens there, or something else than a socket has that name.</exception>
    public void MakeRoom()
    {
        var path = directories.Socket;
        if (Url is null)
        {
            return;
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new IOException($"the socket {path} cannot be made: its directory is not there; make it, or set another socket in capyd.yaml");
        }

        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException e)
        {
            throw new IOException($"the socket {path} cannot be made: {e.Message}; remove what has that name, or set another socket in capyd.yaml", e);
        }

        throw new IOException($"another capyd listens on {path}: stop it, or set another socket in capyd.yaml");
    }

    /// <summary>Opens the new socket to those who may knock; who is let in is decided by whom the kernel says they are.</summary>
    public async Task OpenAsync()
    {
        if (Url is null)
        {
            return;
        }

        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(directories.Socket, Owner);
        if (options.OperatorGroup is { } group)
        {
            var chgrp = new ToolCommand("chgrp", ["--", group, directories.Socket]);
            var outcome = await new ToolRunner(clock).RunAsync(chgrp, ToolStreams.None, CancellationToken.None);
            _ = outcome.ExitCode == 0 ? outcome : throw new IOException($"operator_group: the socket {directories.Socket} cannot be given to {group}: {outcome.StderrTail.Trim()}");
            File.SetUnixFileMode(directories.Socket, Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        }
    }
}
