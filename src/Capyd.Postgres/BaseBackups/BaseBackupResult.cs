using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>A base backup that arrived whole: every file is what the server's backup_manifest says.</summary>
/// <param name="StopLsn">The earliest moment to which it can be recovered; WAL from the start to here is needed.</param>
/// <param name="Label">The content of backup_label.</param>
/// <param name="TablespaceMap">The content of tablespace_map; empty without tablespaces.</param>
/// <param name="Bytes">Plain bytes of all files.</param>
public sealed record BaseBackupResult(
    BaseBackupStart Start, TimelineId StopTimeline, Lsn StopLsn, string Label, string TablespaceMap, long Files, long Bytes)
{
    /// <summary>A time of the server's clock, in whole milliseconds, after every commit before <see cref="StopLsn"/>.</summary>
    public DateTimeOffset StopAt { get; init; }
}
