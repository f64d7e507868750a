using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Capyd.SystemTests.Kit;

/// <summary>The published daemon on one data directory: started, killed and started again as often as a test wants.</summary>
public sealed partial class CapydDaemon : IAsyncDisposable
{
    public const int KilledExitCode = 137;
    private const int SigHup = 1;
    private const int SigTerm = 15;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly IReadOnlyList<string> _arguments;
    private readonly StringBuilder _log = new();
    private Process? _process;

    private CapydDaemon(string dataDirectory, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        DataDirectory = dataDirectory;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Machine.FreePort()}"));
        _arguments = ["serve", "--data-dir", dataDirectory, "--listen", Address.GetLeftPart(UriPartial.Authority), .. arguments];
        _environment = environment;
        Metadata = new Metadata(Path.Combine(dataDirectory, "capyd.db"));
    }

    public string DataDirectory { get; }

    public Uri Address { get; }

    public Metadata Metadata { get; }

    public string Repository => Path.Combine(DataDirectory, "repository");

    /// <summary>Where its pooler listens, or would.</summary>
    public int PoolerPort => int.Parse(_environment["CAPYD_POOLER_PORT"], CultureInfo.InvariantCulture);

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Memory that the daemon holds now.</summary>
    public long ResidentMegabytes
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64 >> 20;
        }
    }

    /// <summary>Everything that it has written so far, over all its starts.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>With capyd's own cluster below the data directory. No limits on requests unless the environment says so.</summary>
    public static CapydDaemon Embedded(string dataDirectory, params (string Name, string Value)[] environment) => new(
        dataDirectory, ["--embedded"],
        With(environment, ("CAPYD_POSTGRES_EMBEDDED_PORT", Machine.FreePort().ToString(CultureInfo.InvariantCulture))));

    /// <summary>With capyd's own cluster and a configuration file, which the test may change.</summary>
    public static CapydDaemon Configured(string dataDirectory, string file, params (string Name, string Value)[] environment) => new(
        dataDirectory, ["--embedded", "--config", file],
        With(environment, ("CAPYD_POSTGRES_EMBEDDED_PORT", Machine.FreePort().ToString(CultureInfo.InvariantCulture))));

    /// <summary>Beside a server of the test's own.</summary>
    public static CapydDaemon Attached(string dataDirectory, AttachedServer server, params (string Name, string Value)[] environment) => new(
        dataDirectory, [],
        With(environment, ("CAPYD_MODE", "attached"), ("CAPYD_POSTGRES_SOCKET_DIR", server.SocketDirectory), ("CAPYD_POSTGRES_PORT", server.Port.ToString(CultureInfo.InvariantCulture))));

    private static Dictionary<string, string> With((string Name, string Value)[] given, params (string Name, string Value)[] basics)
    {
        var environment = new Dictionary<string, string>
        {
            ["CAPYD_LIMITS_REQUESTS_PER_MINUTE"] = "0", ["CAPYD_LIMITS_FAILED_LOGINS_PER_MINUTE"] = "0", ["CAPYD_JOBS_RETRY_BASE"] = "1",
            ["CAPYD_PITR_ENABLED"] = "false", ["CAPYD_POOLER_ENABLED"] = "false", ["CAPYD_POOLER_PORT"] = Machine.FreePort().ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in basics.Concat(given))
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>Starts it, optionally with an armed fault point, and returns when PostgreSQL answers through it.</summary>
    public async Task StartAsync(string? faultPoint = null)
    {
        Launch(faultPoint);
        await WaitUntilReadyAsync();
    }

    /// <summary>Starts it and does not wait.</summary>
    public void Launch(string? faultPoint = null)
    {
        Machine.Require();
        var start = new ProcessStartInfo(Machine.Binary, _arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        if (faultPoint is not null)
        {
            start.Environment["CAPYD_FAULT_POINT"] = faultPoint;
        }

        _process?.Dispose();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public async Task WaitUntilReadyAsync(int seconds = 60)
    {
        using var client = new ApiClient(Address, null);
        await Until.TrueAsync("/readyz answers 200", async () =>
        {
            Assert.True(IsRunning, $"capyd ended while it started:\n{Log}");
            return await client.TryStatusAsync("/readyz") == 200;
        }, seconds);
    }

    /// <summary>As the kernel or the power would do it.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGHUP: read the configuration again.</summary>
    public void Reload() => _ = Signal(_process!.Id, SigHup);

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> TerminateAsync(int seconds = 30)
    {
        _ = Signal(_process!.Id, SigTerm);
        return await WaitForExitAsync(seconds);
    }

    /// <summary>Waits until it has ended by itself; returns the exit code.</summary>
    public async Task<int> WaitForExitAsync(int seconds = 60)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            await _process!.WaitForExitAsync(deadline.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"capyd did not end within {seconds} s:\n{Log}");
        }
    }

    /// <summary>An operator command on this data directory.</summary>
    public Task<CommandResult> CommandAsync(params string[] arguments) => CommandAsync(new Dictionary<string, string>(), arguments);

    /// <summary>The same with something in its environment.</summary>
    public Task<CommandResult> CommandAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        Machine.Require();
        return Command.RunAsync(Machine.Binary, environment, [.. arguments, "--data-dir", DataDirectory]);
    }

    /// <summary>A new API key, made on the host.</summary>
    public async Task<string> NewKeyAsync(string name = "test", string scopes = "*", string? project = null, int? days = null)
    {
        string[] bound = project is null ? [] : ["--project", project];
        string[] expiry = days is { } count ? ["--expires-in-days", count.ToString(CultureInfo.InvariantCulture)] : [];
        return (await CommandAsync(["keys", "create", "--name", name, "--scopes", scopes, .. bound, .. expiry])).Good();
    }

    public async Task<ApiClient> ClientAsync(string scopes = "*", string? project = null) =>
        new(Address, await NewKeyAsync(scopes: scopes, project: project));

    /// <summary>Stops the daemon, whatever is left of an embedded server, and removes the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await TerminateAsync();
        }

        _process?.Dispose();
        await PoolerData.StopAsync(DataDirectory);
        await EmbeddedData.StopAsync(DataDirectory);
        Directory.Delete(DataDirectory, recursive: true);
    }

    private void Note(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
