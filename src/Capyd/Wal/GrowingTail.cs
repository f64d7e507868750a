using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>The segment that is being written, and the end of its last whole record. What is before that never changes.</summary>
internal sealed record GrowingTail(WalSegmentName Segment, Lsn End)
{
    public long Length => (long)(End.Position - Segment.Start.Position);
}
