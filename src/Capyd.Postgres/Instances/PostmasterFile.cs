using System.Globalization;

namespace Capyd.Postgres.Instances;

/// <summary>Judges postmaster.pid: after a reboot its process id may belong to any other program, and then pg_ctl
/// would believe the server to be running for ever.</summary>
internal static class PostmasterFile
{
    /// <summary>Removes the file when its process is alive but is no server of this directory, and no process works in
    /// this directory. In every other case PostgreSQL itself decides.</summary>
    /// <returns>Whether a file was removed.</returns>
    public static bool RemoveForeign(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "postmaster.pid");
        if (ReadPid(path) is not { } pid || WorkingDirectory(pid) is not { } working || working == dataDirectory || AnyoneIn(dataDirectory))
        {
            return false;
        }

        File.Delete(path);
        return true;
    }

    private static int? ReadPid(string path) =>
        File.Exists(path) && int.TryParse(File.ReadLines(path).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? pid
            : null;

    private static bool AnyoneIn(string directory) =>
        Directory.EnumerateDirectories("/proc").Any(process => WorkingDirectory(Path.GetFileName(process)) == directory);

    private static string? WorkingDirectory(int pid) => WorkingDirectory(pid.ToString(CultureInfo.InvariantCulture));

    private static string? WorkingDirectory(string pid)
    {
        try
        {
            return char.IsAsciiDigit(pid[0]) ? File.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process is gone, or it is not ours and therefore not our server.
            return null;
        }
    }
}
