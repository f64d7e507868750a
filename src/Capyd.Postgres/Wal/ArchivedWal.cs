using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Postgres.Wal;

/// <summary>A file that is now in the archive.</summary>
/// <param name="Commits">For whole and partial segments.</param>
/// <param name="Bytes">Its length before compression.</param>
/// <param name="ContentEnd">The end of the last whole record; null for everything but segments.</param>
public sealed record ArchivedWal(WalFileName Name, SegmentCommits? Commits, long Bytes, Lsn? ContentEnd = null)
{
    /// <summary>What a whole segment adds to the ranges of the archive; null for everything else.</summary>
    public WalSegmentName? Segment => Name.Kind == WalFileKind.Segment ? Name.Segment : null;
}
