using System.Globalization;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Recovery;

/// <summary>Finds the processes of a server by the directory they work in, and ends them.</summary>
internal static class SandboxProcesses
{
    private const int SigQuit = 3;
    private const int SigKill = 9;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when none is left. What they were doing is lost, which is all right in a sandbox.</summary>
    public static async Task EndAsync(string dataDirectory, TimeProvider clock, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var signal = SigQuit;
        while (Of(dataDirectory) is { Count: > 0 } pids)
        {
            pids.ForEach(pid => ProcessSignal.Send(pid, signal));
            await Task.Delay(Between, clock, cancellationToken);
            signal = clock.GetElapsedTime(started) > Grace ? SigKill : SigQuit;
        }
    }

    private static List<int> Of(string directory) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => char.IsAsciiDigit(name![0]) && WorkingDirectory(name) == directory)
            .Select(static name => int.Parse(name!, CultureInfo.InvariantCulture))];

    private static string? WorkingDirectory(string pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process is gone, or it is not ours and therefore not our server.
            return null;
        }
    }
}
