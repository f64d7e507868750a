namespace Capyd.Postgres.Recovery;

/// <summary>Why recovery did not succeed.</summary>
public enum RecoveryFailureKind
{
    /// <summary>The archive ended before the target.</summary>
    TargetNotReached,

    /// <summary>Recovery ended before the WAL that was required.</summary>
    StoppedEarly,

    /// <summary>The target is older than the end of the base backup.</summary>
    TargetBeforeConsistency,

    /// <summary>The archive ended before the end of the base backup.</summary>
    BackupIncomplete,

    /// <summary>The log speaks of pages that are not there.</summary>
    InvalidPages,

    /// <summary>restore_command failed with something other than "not in the archive".</summary>
    ArchiveUnreadable,

    /// <summary>The timeline asked for is not there, or does not descend from the backup.</summary>
    WrongTimeline,

    /// <summary>The checkpoint that recovery begins at is not in the archive.</summary>
    CheckpointMissing,

    /// <summary>The file system fell below the floor, or is full.</summary>
    DiskSpace,

    /// <summary>Something else; the message has the server's words.</summary>
    Other,
}
