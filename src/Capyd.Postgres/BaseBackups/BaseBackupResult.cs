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

    /// <summary>A time of the server's clock before the first file was looked at.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>A whole second of the server's clock: files with an earlier time were settled when they were looked at, so that any later
    /// write gave them another.</summary>
    public DateTimeOffset SettledBefore { get; init; }

    /// <summary>False when files were taken over unread from the backup before.</summary>
    public bool ReadWhole { get; init; } = true;

    /// <summary>Bytes of files that the server sent.</summary>
    public long ReadBytes { get; init; }
}
