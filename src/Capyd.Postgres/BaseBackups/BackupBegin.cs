using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>How the server began a base backup.</summary>
/// <param name="At">The server's clock when it had begun.</param>
/// <param name="ControlWrittenAt">When the file system says that its control file was written, which happened a moment before.</param>
internal sealed record BackupBegin(TimelineId Timeline, Lsn Lsn, DateTimeOffset At, long ControlWrittenAt);
