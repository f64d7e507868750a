namespace Capyd.Wal;

/// <summary>Bytes of a file system, as capyd's own user may use them.</summary>
internal sealed record DiskSpace(long Free, long Total)
{
    private const long Enough = 64L << 20;

    /// <summary>Whether a few segments still fit.</summary>
    public bool HasRoom => Free >= Enough;

    /// <returns>Null when the directory cannot be reached, as on another machine.</returns>
    public static DiskSpace? At(string directory)
    {
        try
        {
            var drive = new DriveInfo(directory);
            return new DiskSpace(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Of a directory or of the nearest one above it that exists.</summary>
    public static DiskSpace? Near(string directory)
    {
        var existing = directory;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        return At(existing);
    }
}
