using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Where a base backup begins.</summary>
/// <param name="StartLsn">Replay begins here; everything changed before it is in the files.</param>
/// <param name="ServerVersion">For example 150018.</param>
/// <param name="WalSegmentBytes">The server's segment size.</param>
/// <param name="DataChecksums">Whether pages carry checksums, which the server then verifies while it sends them.</param>
/// <param name="EstimatedBytes">The server's estimate of what it will send.</param>
public sealed record BaseBackupStart(
    SystemIdentifier SystemIdentifier,
    TimelineId Timeline,
    Lsn StartLsn,
    int ServerVersion,
    int WalSegmentBytes,
    bool DataChecksums,
    long EstimatedBytes)
{
    public required IReadOnlyList<BaseBackupTablespace> Tablespaces { get; init; }

    public required IReadOnlyList<BaseBackupDatabase> Databases { get; init; }
}
