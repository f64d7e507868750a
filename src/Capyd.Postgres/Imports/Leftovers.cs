using System.Diagnostics;
using System.Globalization;

namespace Capyd.Postgres.Imports;

/// <summary>Ends and removes what works in, or lies below, a directory.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    /// <summary>A killed server may still write its last file; then the directory is emptied again.</summary>
    /// <exception cref="IOException">Something keeps writing there.</exception>
    public static async Task RemoveAsync(string directory, TimeProvider clock)
    {
        var started = clock.GetTimestamp();
        while (Directory.Exists(directory))
        {
            try
            {
                Directory.Delete(directory, recursive: true);
            }
            catch (IOException) when (clock.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(BetweenTries, clock);
            }
        }
    }

    /// <summary>Kills the programs whose working directory is below this one: the servers of a dead daemon.</summary>
    public static void KillBelow(string directory)
    {
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && WorksBelow(entry, directory + "/"))
            {
                Kill(pid);
            }
        }
    }

    private static bool WorksBelow(string process, string prefix)
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName.StartsWith(prefix, StringComparison.Ordinal) == true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or it is another user's and therefore none of ours.
            return false;
        }
    }

    private static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
            process.WaitForExit(Patience);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
