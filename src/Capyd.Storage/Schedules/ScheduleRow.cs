namespace Capyd.Storage.Schedules;

/// <summary>When a project is backed up: daily at an hour and minute, UTC.</summary>
public sealed record ScheduleRow
{
    public required ScheduleId Id { get; init; }

    /// <summary>A project has at most one schedule.</summary>
    public required ProjectId ProjectId { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required string Label { get; init; }

    public required int CronHour { get; init; }

    public required int CronMinute { get; init; }

    public required bool IsActive { get; init; }

    public required int RetentionDays { get; init; }

    public JobId? LastJobId { get; init; }

    public DateTimeOffset? LastRunAt { get; init; }

    /// <summary>The due instant that was handled last, whether or not a job came of it.</summary>
    public DateTimeOffset? LastFiredFor { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
