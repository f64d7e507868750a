using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Repository;

/// <summary>WAL that was saved from the lost host: its pg_wal, or capyd's spool. What the repository has too is taken from there.</summary>
internal sealed class RescuedWal
{
    private readonly Dictionary<WalFileName, string> _files = [];

    public static RescuedWal None { get; } = new();

    public IEnumerable<WalFileName> Files => _files.Keys;

    /// <summary>Looks at each file: in pg_wal there are segments that were only begun, and some whose names are not yet true.</summary>
    public static async Task<RescuedWal> ReadAsync(string directory, WalLineage lineage, CancellationToken cancellation)
    {
        var rescued = new RescuedWal();
        foreach (var path in Directory.EnumerateFiles(directory))
        {
            if (WalFileName.TryParse(Path.GetFileName(path), lineage.SegmentSize) is { } name && await ProveAsync(path, name, lineage, cancellation) is { } proven)
            {
                rescued._files[proven] = path;
            }
        }

        return rescued;
    }

    /// <summary>Null when it is not there.</summary>
    public Stream? Open(WalFileName file) => _files.TryGetValue(file, out var path) ? File.OpenRead(path) : null;

    /// <returns>What the file is; null when it is none of this cluster.</returns>
    private static async Task<WalFileName?> ProveAsync(string path, WalFileName name, WalLineage lineage, CancellationToken cancellation)
    {
        if (name.Segment is not { } segment || name.Kind == WalFileKind.BackupHistory)
        {
            return name.Kind == WalFileKind.TimelineHistory ? name : null;
        }

        await using var content = File.OpenRead(path);
        try
        {
            if (name.Kind == WalFileKind.Segment)
            {
                await new WalScanner(lineage).ReadAsync(segment, content, cancellation);
                return name;
            }
        }
        catch (WalRejectedException)
        {
            content.Position = 0;
        }

        return await IsBeginningAsync(content, segment, lineage, cancellation) ? WalFileName.PartialOf(segment) : null;
    }

    private static async Task<bool> IsBeginningAsync(FileStream content, WalSegmentName segment, WalLineage lineage, CancellationToken cancellation)
    {
        try
        {
            return (await new WalScanner(lineage).ReadPartialAsync(segment, content, cancellation)).ContentEnd > segment.Start;
        }
        catch (WalRejectedException)
        {
            return false;
        }
    }
}
