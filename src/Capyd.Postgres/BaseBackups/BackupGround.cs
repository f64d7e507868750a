using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>What a server says of its files.</summary>
/// <param name="DirectoryMode">Of its data directory, which decides whether its group may read.</param>
/// <param name="SegmentBytes">Of a segment of a relation.</param>
internal sealed record BackupGround(SystemIdentifier SystemIdentifier, UnixFileMode DirectoryMode, long SegmentBytes)
{
    /// <summary>Of files.</summary>
    public UnixFileMode FileMode => DirectoryMode & ~(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
}
