using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Postgres.Wal;

/// <summary>The segment that is being written, as far as it came. The caller disposes it.</summary>
/// <param name="Content">At its beginning; <see cref="Length"/> bytes of it are meant.</param>
/// <param name="ContentEnd">The end of the last whole record.</param>
public sealed record WalTail(WalSegmentName Segment, Stream Content, Lsn ContentEnd, SegmentCommits Commits) : IAsyncDisposable
{
    /// <summary>Bytes from the segment's beginning to the end of the last whole record.</summary>
    public long Length => (long)(ContentEnd.Position - Segment.Start.Position);

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
