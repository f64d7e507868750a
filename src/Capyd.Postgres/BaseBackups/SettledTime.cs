namespace Capyd.Postgres.BaseBackups;

/// <summary>
/// Which files are settled when a backup looks at them: times of files are whole seconds, so that one which was written before the current second
/// began has a later time when it is written again, and one which was written within it may not have (trap 26).
/// </summary>
internal static class SettledTime
{
    /// <summary>The kernel gives files the time of its last tick, 10 ms ago at most.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>For file systems whose times are given elsewhere, such as NFS.</summary>
    private static readonly TimeSpan ElsewhereDiffer = TimeSpan.FromSeconds(1);

    /// <param name="looked">The server's clock before the first file was looked at.</param>
    /// <param name="places">Directories, one for each file system that may be another.</param>
    /// <returns>A whole second; what has an earlier time was settled.</returns>
    public static DateTimeOffset Before(DateTimeOffset looked, IEnumerable<string?> places)
    {
        var sure = looked - (places.All(IsTimedHere) ? Tick : ElsewhereDiffer);
        return DateTimeOffset.FromUnixTimeSeconds(sure.ToUnixTimeSeconds());
    }

    /// <summary>From when on everything that was written until now is settled.</summary>
    public static DateTimeOffset NextAfter(DateTimeOffset now) => DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + 1) + Tick;

    private static bool IsTimedHere(string? directory)
    {
        try
        {
            return directory is not null && new DriveInfo(directory).DriveType is DriveType.Fixed or DriveType.Ram;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
