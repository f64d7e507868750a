using System.Net.Sockets;
using System.Text;
using Capyd.Service;

namespace Capyd.Tests.Service;

public sealed class ServiceNotifierTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"capyd-notify-{Guid.NewGuid():N}");
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    [Fact]
    public void Assignments_arrive_in_one_datagram()
    {
        _systemd.Bind(new UnixDomainSocketEndPoint(_path));
        using var notifier = new ServiceNotifier(_path);
        notifier.Send("RELOADING=1", "MONOTONIC_USEC=5");
        Assert.Equal("RELOADING=1\nMONOTONIC_USEC=5", Receive());
    }

    [Fact]
    public void An_abstract_address_is_reached_too()
    {
        var name = Path.GetFileName(_path);
        _systemd.Bind(new UnixDomainSocketEndPoint("\0" + name));
        using var notifier = new ServiceNotifier("@" + name);
        notifier.Send("READY=1");
        Assert.Equal("READY=1", Receive());
    }

    [Fact]
    public void Without_a_service_manager_nothing_is_said()
    {
        using var notifier = new ServiceNotifier(null);
        notifier.Send("READY=1");
    }

    public void Dispose()
    {
        _systemd.Dispose();
        File.Delete(_path);
    }

    private string Receive()
    {
        var buffer = new byte[1000];
        _systemd.ReceiveTimeout = 5000;
        return Encoding.UTF8.GetString(buffer, 0, _systemd.Receive(buffer));
    }
}
