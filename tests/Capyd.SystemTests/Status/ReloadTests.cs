using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Capyd.SystemTests.Status;

/// <summary>The daemon under a service manager: the tests play systemd.</summary>
public sealed class ReloadTests : IAsyncLifetime
{
    private readonly string _directory = Machine.NewDirectory();
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private CapydDaemon? _daemon;

    private string ConfigurationFile => Path.Combine(_directory, "capyd.yaml");

    public Task InitializeAsync()
    {
        _systemd.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory, "notify")));
        _systemd.ReceiveTimeout = 30_000;
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        _systemd.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [SystemFact]
    public async Task Systemd_hears_of_ready_watchdog_reload_and_stop()
    {
        File.WriteAllText(ConfigurationFile, "log_level: info\n");
        _daemon = CapydDaemon.Configured(
            Machine.NewDirectory(), ConfigurationFile, ("NOTIFY_SOCKET", Path.Combine(_directory, "notify")), ("WATCHDOG_USEC", "3000000"));
        await _daemon.StartAsync();
        Assert.Equal("READY=1", Next());
        Assert.Equal("WATCHDOG=1", Next("WATCHDOG"));

        File.WriteAllText(ConfigurationFile, "log_level: debug\nregion: cellar\n");
        _daemon.Reload();
        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[0-9]+$", Next("RELOADING"));
        Assert.Equal("READY=1", Next("READY"));
        await Until.TrueAsync("the change is in the log", () => Task.FromResult(_daemon.Log.Contains("log_level is now debug", StringComparison.Ordinal)));
        await Until.TrueAsync("what waits for a restart is in the log", () => Task.FromResult(_daemon.Log.Contains("only taken at a restart: region", StringComparison.Ordinal)));

        Assert.Equal(0, await _daemon.TerminateAsync());
        Assert.StartsWith("STOPPING=1\n", Next("STOPPING"), StringComparison.Ordinal);
    }

    /// <summary>The next message, or the next that begins so.</summary>
    private string Next(string? beginning = null)
    {
        var buffer = new byte[4096];
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            Assert.True(Stopwatch.GetElapsedTime(started).TotalSeconds < 60, $"nothing that begins with {beginning} came within 60 s:\n{_daemon!.Log}");
            var message = Encoding.UTF8.GetString(buffer, 0, _systemd.Receive(buffer));
            if (beginning is null || message.StartsWith(beginning, StringComparison.Ordinal))
            {
                return message;
            }
        }
    }
}
