using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Capyd.Postgres.Wal;

/// <summary>Finds receivers that write into a spool directory, by their arguments.</summary>
internal static class ReceiverProcesses
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Ends them and waits until they are gone, so that never two write into one directory.</summary>
    public static async Task<IReadOnlyList<int>> EndAsync(string spoolDirectory, TimeProvider clock, CancellationToken cancellationToken)
    {
        var found = Find(spoolDirectory);
        foreach (var pid in found)
        {
            await EndAsync(pid, clock, cancellationToken);
        }

        return found;
    }

    public static string DirectoryArgument(string spoolDirectory) => $"--directory={spoolDirectory}";

    private static List<int> Find(string spoolDirectory) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(static path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && Arguments(pid) is [var program, ..] arguments
                && Path.GetFileName(program) == "pg_receivewal" && arguments.Contains(DirectoryArgument(spoolDirectory)))];

    private static string[] Arguments(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline"))).Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process ended while we looked, or is none of ours.
            return [];
        }
    }

    private static async Task EndAsync(int pid, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var process = Open(pid);
        if (process is null)
        {
            return;
        }

        using var grace = new CancellationTokenSource(Grace, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, cancellationToken);
        Tools.ProcessSignal.Interrupt(process);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static Process? Open(int pid)
    {
        try
        {
            return Process.GetProcessById(pid);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
