using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Capyd.Service;

/// <summary>
/// SIGHUP reads the configuration again. What can change while the daemon runs is taken, what wants a restart is named, and a file
/// with problems changes nothing.
/// </summary>
internal sealed partial class ConfigurationReload(
    ConfigurationSource source, CapydOptions live, LogThreshold threshold, ServiceNotifier notifier, TimeProvider clock, ILogger<ConfigurationReload> logger)
    : IBackgroundLoop
{
    private const nint ByDefault = 0; // SIG_DFL
    private const int HangUp = 1;
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public async Task RunAsync(CancellationToken stopping)
    {
        // Under nohup the signal comes ignored, and the runtime would leave it so.
        _ = SetDisposition(HangUp, ByDefault);
        using var registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _asked.Writer.TryWrite(true);
        });
        try
        {
            while (true)
            {
                await _asked.Reader.ReadAsync(stopping);
                Announce("RELOADING=1", $"MONOTONIC_USEC={Microseconds()}");
                Reload();
                Announce("READY=1");
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _asked.Writer.Complete();
        }
    }

    /// <summary>Takes over what can be; also what was removed from the file and so goes back to its default.</summary>
    internal void Reload()
    {
        var fresh = source.Read();
        foreach (var problem in fresh.Problems)
        {
            LogRefused(problem);
        }

        if (fresh.Problems.Count > 0)
        {
            return;
        }

        var changed = Changed(live.Given, fresh.Options.Given);
        foreach (var name in changed.Where(ReloadableOptions.All.ContainsKey))
        {
            ReloadableOptions.All[name](fresh.Options, live);
            Remember(name, fresh.Options.Given.GetValueOrDefault(name));
            LogTaken(name, fresh.Options.Given.GetValueOrDefault(name) ?? "its default");
        }

        threshold.Set(live.LogLevel);
        var later = changed.Where(name => !ReloadableOptions.All.ContainsKey(name)).ToList();
        if (later.Count > 0)
        {
            LogLater(string.Join(", ", later));
        }

        LogReloaded(changed.Count - later.Count);
    }

    private static List<string> Changed(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now) =>
        before.Keys.Union(now.Keys).Where(name => before.GetValueOrDefault(name) != now.GetValueOrDefault(name)).Order(StringComparer.Ordinal).ToList();

    private void Remember(string name, string? value)
    {
        _ = value is null ? live.Given.Remove(name) : live.Given.TryAdd(name, value);
        if (value is not null)
        {
            live.Given[name] = value;
        }
    }

    /// <summary>The kernel's monotonic clock, which systemd compares with when it asked.</summary>
    private long Microseconds() => (long)(clock.GetTimestamp() / (clock.TimestampFrequency / 1_000_000.0));

    private void Announce(params IEnumerable<string> assignments)
    {
        try
        {
            notifier.Send(assignments);
        }
        catch (SocketException e)
        {
            LogUnheard(e.Message);
        }
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetDisposition(int signal, nint disposition);

    [LoggerMessage(1310, LogLevel.Error, "the configuration is left as it was: {Problem}")]
    private partial void LogRefused(string problem);

    [LoggerMessage(1311, LogLevel.Information, "{Option} is now {Value}")]
    private partial void LogTaken(string option, string value);

    [LoggerMessage(1312, LogLevel.Warning, "changed, but only taken at a restart: {Options}")]
    private partial void LogLater(string options);

    [LoggerMessage(1313, LogLevel.Information, "the configuration was read again: {Count} options taken")]
    private partial void LogReloaded(int count);

    [LoggerMessage(1314, LogLevel.Warning, "the service manager cannot be told: {Problem}")]
    private partial void LogUnheard(string problem);
}
