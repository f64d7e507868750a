namespace Capyd.Storage.Backups;

/// <summary>One archive of a project's database in the repository.</summary>
public sealed record BackupRow
{
    public required BackupId Id { get; init; }

    public required ProjectId ProjectId { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required string DatabaseName { get; init; }

    /// <summary>The name of the object in the repository; unique.</summary>
    public required string BackupKey { get; init; }

    public string? Label { get; init; }

    /// <summary>Stored bytes; 0 until the backup is completed.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Of the stored bytes, 64 lower-case hex digits; null until the backup is completed.</summary>
    public string? Sha256 { get; init; }

    /// <summary>One of <see cref="BackupStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>One of <see cref="VerificationStates"/>.</summary>
    public required string VerificationState { get; init; }

    public string? VerificationError { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>The schedule that asked for it, or null when a person did.</summary>
    public ScheduleId? ScheduleId { get; init; }

    /// <summary>Days from <see cref="CreatedAt"/> until it may go; null keeps it.</summary>
    public int? RetentionDays { get; init; }

    public required JobId JobId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
