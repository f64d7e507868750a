using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>What one look at a spool's directory shows, to be compared with the last one.</summary>
/// <param name="Files">Their names in order.</param>
/// <param name="Whole">Bytes of whole segments.</param>
/// <param name="Written">When the newest was written to.</param>
internal sealed record SpoolLook(string Files, long Whole, DateTimeOffset Written)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether what is written after this look shows in the next one: the times of files go by the kernel's tick, of up to 10 ms.</summary>
    public bool IsSettled(DateTimeOffset lookedAt) => lookedAt - Written > Tick;

    public static SpoolLook At(string directory, WalSegmentSize size)
    {
        var (names, whole, written) = (new List<string>(), 0L, DateTimeOffset.MinValue);
        foreach (var file in Directory.Exists(directory) ? new DirectoryInfo(directory).EnumerateFiles() : [])
        {
            if (WalFileName.TryParse(file.Name, size) is { } name)
            {
                names.Add(file.Name);
                whole += name.Kind == WalFileKind.Segment ? size.Bytes : 0;
                written = file.LastWriteTimeUtc > written ? file.LastWriteTimeUtc : written;
            }
        }

        names.Sort(StringComparer.Ordinal);
        return new SpoolLook(string.Join(' ', names), whole, written);
    }
}
