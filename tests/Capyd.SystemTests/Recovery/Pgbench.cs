using System.Diagnostics;
using System.Globalization;

namespace Capyd.SystemTests.Recovery;

/// <summary>Load on a project's database, as its own role.</summary>
public sealed class Pgbench : IAsyncDisposable
{
    public const string Tables = "pgbench_accounts, pgbench_branches, pgbench_tellers, pgbench_history";

    /// <summary>Every balance and every line of the history, as one value.</summary>
    public const string Content = """
        SELECT md5((SELECT string_agg(a.aid || ':' || a.abalance, ',' ORDER BY a.aid) FROM pgbench_accounts a)
            || (SELECT string_agg(t.tid || ':' || t.tbalance, ',' ORDER BY t.tid) FROM pgbench_tellers t)
            || coalesce((SELECT string_agg(h::text, ',' ORDER BY h::text) FROM pgbench_history h), ''))
        """;

    private readonly Process _process;

    private Pgbench(Process process) => _process = process;

    public static async Task FillAsync(string url, int scale = 1)
    {
        using var process = Start(url, "-i", "-q", "-s", scale.ToString(CultureInfo.InvariantCulture));
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    public static Pgbench Run(string url, int seconds) => new(Start(url, "-n", "-c", "3", "-T", seconds.ToString(CultureInfo.InvariantCulture)));

    public bool IsRunning => !_process.HasExited;

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static Process Start(string url, params string[] arguments)
    {
        var uri = new Uri(url);
        var user = uri.UserInfo.Split(':');
        var start = new ProcessStartInfo(Path.Combine(Machine.PostgresBin, "pgbench"), arguments);
        start.Environment["PGHOST"] = uri.Host;
        start.Environment["PGPORT"] = uri.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = Uri.UnescapeDataString(user[0]);
        start.Environment["PGPASSWORD"] = Uri.UnescapeDataString(user[1]);
        start.Environment["PGDATABASE"] = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        return Process.Start(start)!;
    }
}
