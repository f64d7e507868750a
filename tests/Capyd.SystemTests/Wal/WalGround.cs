using System.Diagnostics;
using System.Globalization;

namespace Capyd.SystemTests.Wal;

/// <summary>A server of the test's own, and a daemon that follows its WAL.</summary>
internal sealed class WalGround : IAsyncDisposable
{
    private WalGround(AttachedServer server, CapydDaemon daemon) => (Server, Daemon) = (server, daemon);

    public AttachedServer Server { get; }

    public CapydDaemon Daemon { get; }

    public Superuser Superuser => Server.Superuser;

    public string Spool => Path.Combine(Daemon.DataDirectory, "wal-spool");

    public string KeptWal => Path.Combine(Daemon.Repository, "wal");

    /// <summary>Streams when it returns.</summary>
    public static async Task<WalGround> CreateAsync(params (string Name, string Value)[] environment) =>
        await CreateAsync(await AttachedServer.CreateFollowedAsync(), environment);

    public static async Task<WalGround> CreateAsync(AttachedServer server, params (string Name, string Value)[] environment)
    {
        var daemon = CapydDaemon.Attached(Machine.NewDirectory(), server, [("CAPYD_PITR_ENABLED", "auto"), ("CAPYD_ALERTS_INTERVAL", "1"), .. environment]);
        var ground = new WalGround(server, daemon);
        await daemon.StartAsync();
        await ground.StreamsAsync();
        return ground;
    }

    public Task StreamsAsync(int seconds = 60) => Until.TrueAsync("WAL is streamed", async () => await StatusAsync() == "operational", seconds);

    /// <summary>The word of the component in /status; null without one.</summary>
    public async Task<string?> StatusAsync() => (await ComponentAsync())?.Text("status");

    public async Task<string> MessageAsync() => (await ComponentAsync())?["message"]?.GetValue<string>() ?? "";

    /// <summary>Whether what is kept of all timelines reaches a position.</summary>
    public Task KeepsAsync(string position, int seconds = 60) => Until.TrueAsync($"the archive reaches {position}", async () =>
        await Superuser.OneAsync("postgres", $"SELECT '{await EndAsync()}'::pg_lsn >= '{position}'::pg_lsn") == "True", seconds);

    /// <summary>As the metadata has them: "1:0/1000000-0/3000000".</summary>
    public async Task<IReadOnlyList<string>> RangesAsync() =>
        [.. ((await Daemon.Metadata.ListAsync("SELECT ranges FROM wal_archives ORDER BY created_at DESC LIMIT 1")).SingleOrDefault() ?? "").Split(' ').Skip(1)];

    public Task<IReadOnlyList<string>> GapsAsync() =>
        Daemon.Metadata.ListAsync("SELECT timeline || ' ' || from_lsn || ' ' || coalesce(to_lsn, '') || ' ' || reason FROM wal_gaps ORDER BY recorded_at");

    /// <summary>The one that is taken by itself, which ends a segment when it likes.</summary>
    public Task FirstBaseBackupAsync() => Until.TrueAsync(
        "the first base backup is there", async () => (await Daemon.Metadata.ListAsync("SELECT id FROM base_backups WHERE state = 'completed'")).Count > 0);

    public async Task<string> FlushedAsync() => (await Superuser.OneAsync("postgres", "SELECT pg_current_wal_flush_lsn()::text"))!;

    /// <summary>Ends a segment with something in it; where it ended.</summary>
    public async Task<string> SwitchAsync()
    {
        await Superuser.ExecuteAsync("postgres", "SELECT pg_current_xact_id()");
        return (await Superuser.OneAsync("postgres", "SELECT pg_switch_wal()::text"))!;
    }

    /// <summary>About this many mebibytes of WAL.</summary>
    public Task WriteAsync(int mebibytes) => Superuser.ExecuteAsync("postgres", string.Create(CultureInfo.InvariantCulture, $"""
        DROP TABLE IF EXISTS bulk;
        CREATE TABLE bulk AS SELECT repeat(md5(n::text), 30) AS noise FROM generate_series(1, {mebibytes * 1000}) n;
        """));

    public Process Receiver() => Process.GetProcesses().Single(process => Arguments(process).Contains("pg_receivewal", StringComparison.Ordinal)
        && Arguments(process).Contains(Daemon.DataDirectory, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await Daemon.DisposeAsync();
        await Server.DisposeAsync();
    }

    private async Task<string> EndAsync() => await RangesAsync() is [.., var last] ? last[(last.IndexOf('-', StringComparison.Ordinal) + 1)..] : "0/0";

    private async Task<JsonObject?> ComponentAsync()
    {
        using var api = new ApiClient(Daemon.Address, null);
        return (await api.GetAsync("/status")).Expect(200).Json.Objects("components").SingleOrDefault(component => component.Text("name") == "WAL archive");
    }

    private static string Arguments(Process process)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
