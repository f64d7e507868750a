using System.Net.Sockets;
using System.Text;

namespace Capyd.Service;

/// <summary>
/// Tells the service manager how the daemon is: sd_notify(3), one datagram to <c>$NOTIFY_SOCKET</c>, without libsystemd.
/// Says nothing where there is no such socket.
/// </summary>
internal sealed class ServiceNotifier(string? address) : IDisposable
{
    private readonly Socket? _socket = string.IsNullOrEmpty(address) ? null : new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public static ServiceNotifier FromEnvironment() => new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));

    /// <summary>How often systemd wants to hear that all is well; null when it does not ask.</summary>
    public static TimeSpan? WatchdogFromEnvironment() =>
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), out var microseconds) && microseconds > 0 ? TimeSpan.FromMicroseconds(microseconds) : null;

    /// <summary>Sends assignments such as <c>READY=1</c> in one message.</summary>
    /// <exception cref="SocketException">The service manager's socket is gone.</exception>
    public void Send(params IEnumerable<string> assignments)
    {
        if (_socket is not null)
        {
            // '@' stands for the zero byte of an abstract address.
            var endpoint = new UnixDomainSocketEndPoint(address![0] == '@' ? "\0" + address[1..] : address);
            _socket.SendTo(Encoding.UTF8.GetBytes(string.Join('\n', assignments)), endpoint);
        }
    }

    public void Dispose() => _socket?.Dispose();
}
