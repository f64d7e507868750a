namespace Capyd.Postgres.Wal;

/// <summary>
/// pg_receivewal fills a new segment with zeros before it writes to it. When the disk is full in between, what it leaves is shorter than a
/// segment, and it refuses to start on it ever after.
/// </summary>
internal static class HalfMadeSegments
{
    /// <summary>Removes those that hold nothing.</summary>
    public static void Remove(string directory, WalSegmentSize size)
    {
        foreach (var file in Directory.EnumerateFiles(directory, "*.partial"))
        {
            if (new FileInfo(file).Length is > 0 and var length && length < size.Bytes && IsBlank(file))
            {
                File.Delete(file);
            }
        }
    }

    private static bool IsBlank(string file) => !File.ReadAllBytes(file).AsSpan().ContainsAnyExcept((byte)0);
}
