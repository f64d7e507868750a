using System.Diagnostics;
using System.Globalization;

namespace Capyd.SystemTests.Kit;

/// <summary>The pooler of a data directory, as the kernel sees it.</summary>
internal static class PoolerData
{
    /// <summary>Every pgbouncer that runs with this directory's configuration.</summary>
    public static IReadOnlyList<int> Pids(string dataDirectory) => Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0])).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
        .Where(pid => Arguments(pid).Contains(Path.Combine(dataDirectory, "pooler", "pgbouncer.ini"))).ToList();

    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>Ends what a killed daemon left running.</summary>
    public static Task StopAsync(string dataDirectory)
    {
        foreach (var pid in Pids(dataDirectory))
        {
            Kill(pid);
        }

        return Until.TrueAsync("the pooler is gone", () => Task.FromResult(Pids(dataDirectory).Count == 0));
    }

    private static string[] Arguments(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/cmdline").Split('\0');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
