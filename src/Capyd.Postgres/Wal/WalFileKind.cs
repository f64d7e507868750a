namespace Capyd.Postgres.Wal;

/// <summary>What kinds of files PostgreSQL keeps in pg_wal and sends to an archive.</summary>
public enum WalFileKind
{
    /// <summary>A whole segment.</summary>
    Segment,

    /// <summary>The beginning of a segment, as far as it was written: NAME.partial.</summary>
    Partial,

    /// <summary>Where a timeline left its parent: 00000002.history.</summary>
    TimelineHistory,

    /// <summary>The note of a base backup: SEGMENT.OFFSET.backup.</summary>
    BackupHistory,
}
