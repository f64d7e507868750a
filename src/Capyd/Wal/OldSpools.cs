using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.Wal;

namespace Capyd.Wal;

/// <summary>When another server is there: keeps what the spools of earlier ones still hold, and removes them.</summary>
internal sealed partial class OldSpools(WalParts parts, MetadataDatabase metadata, DataDirectory directories, ILogger<OldSpools> logger)
{
    public async Task KeepAsync(WalLineage current, CancellationToken cancellation)
    {
        foreach (var directory in Directory.Exists(directories.WalSpool) ? Directory.GetDirectories(directories.WalSpool) : [])
        {
            if (SystemIdentifier.TryParse(Path.GetFileName(directory), out var system) && system != current.System && Known(system) is { } lineage)
            {
                await new Spool(lineage, parts, logger).EmptyAsync(cancellation);
                if (!Directory.EnumerateFileSystemEntries(directory).Any())
                {
                    Directory.Delete(directory);
                }

                LogKept(system);
            }
        }
    }

    private WalLineage? Known(SystemIdentifier system) => metadata.Read(session => WalArchiveStore.Find(session, system.ToString())) is { } row
        ? new WalLineage(system, row.Major, new WalSegmentSize(row.SegmentBytes))
        : null;

    [LoggerMessage(9050, LogLevel.Information, "the spool of the earlier server {System} is kept")]
    private partial void LogKept(SystemIdentifier system);
}
