using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>What one look at a spool's directory shows, to be compared with the last one.</summary>
/// <param name="Files">Their names in order.</param>
/// <param name="Written">When the newest was written to.</param>
internal sealed record SpoolLook(string Files, DateTimeOffset Written)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether what is written after this look shows in the next one: the times of files go by the kernel's tick, of up to 10 ms.</summary>
    public bool IsSettled(DateTimeOffset lookedAt) => lookedAt - Written > Tick;

    public static SpoolLook At(string directory, WalSegmentSize size)
    {
        var (names, written) = (new List<string>(), DateTimeOffset.MinValue);
        foreach (var file in Directory.Exists(directory) ? new DirectoryInfo(directory).EnumerateFiles() : [])
        {
            if (WalFileName.TryParse(file.Name, size) is not null)
            {
                names.Add(file.Name);
                written = file.LastWriteTimeUtc > written ? file.LastWriteTimeUtc : written;
            }
        }

        names.Sort(StringComparer.Ordinal);
        return new SpoolLook(string.Join(' ', names), written);
    }
}
