namespace Capyd.Storage.Drills;

/// <summary>One project recovered to one moment and thrown away, to see that it works and how long it takes.</summary>
public sealed record DrillRow
{
    public required DrillId Id { get; init; }

    public required ProjectId ProjectId { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    /// <summary>manual or schedule.</summary>
    public required string Trigger { get; init; }

    /// <summary>running, succeeded or failed.</summary>
    public string State { get; init; } = "running";

    /// <summary>What the moment was drawn with, where none was asked for.</summary>
    public required long Seed { get; init; }

    /// <summary>The moment that was asked for; null when it is drawn.</summary>
    public DateTimeOffset? RequestedTime { get; init; }

    /// <summary>The moment that was recovered; null until it is chosen. So are the position and the base backup.</summary>
    public DateTimeOffset? RestoreTime { get; init; }

    public string? TargetLsn { get; init; }

    public BaseBackupId? BaseBackupId { get; init; }

    /// <summary>From the start of the work until the recovered server took logins.</summary>
    public TimeSpan? Recovery { get; init; }

    /// <summary>From the start of the work until the database was in the live server, compared and usable.</summary>
    public TimeSpan? Rto { get; init; }

    public long? Tables { get; init; }

    public long? Rows { get; init; }

    /// <summary>The dump whose inventory the recovered content was compared with, too.</summary>
    public BackupId? ProofBackupId { get; init; }

    public string? Error { get; init; }

    public required JobId JobId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
