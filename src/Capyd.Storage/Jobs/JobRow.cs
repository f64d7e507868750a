namespace Capyd.Storage.Jobs;

/// <summary>A durable piece of work, and what became of it.</summary>
public sealed record JobRow
{
    public required JobId Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public ProjectId? ProjectId { get; init; }

    public PreviewId? PreviewId { get; init; }

    /// <summary>Such as <c>project.provision</c>.</summary>
    public required string Type { get; init; }

    /// <summary>One of <see cref="JobStates"/>.</summary>
    public required string State { get; init; }

    public required string PayloadJson { get; init; }

    /// <summary>Encrypted; forgotten when the job ends.</summary>
    public byte[]? SecretPayload { get; init; }

    /// <summary>Attempts that count, with the one that runs.</summary>
    public int Attempts { get; init; }

    public required int MaxAttempts { get; init; }

    /// <summary>How often the daemon stopped while the job ran.</summary>
    public int CrashCount { get; init; }

    public required DateTimeOffset RunAfter { get; init; }

    /// <summary>Such as <c>project:prj_…</c>; null locks nothing.</summary>
    public string? LockedResource { get; init; }

    /// <summary>One of <see cref="LockModes"/>.</summary>
    public required string LockMode { get; init; }

    public DateTimeOffset? ClaimedAt { get; init; }

    /// <summary>The boot id of the daemon that runs or ended it.</summary>
    public string? ClaimedBy { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public string? Error { get; init; }

    /// <summary>One of <see cref="RetryClassifications"/>.</summary>
    public string? RetryClassification { get; init; }

    public int? LastExitCode { get; init; }

    public string? LastStdout { get; init; }

    public string? LastStderr { get; init; }

    /// <summary>From 0 to 1.</summary>
    public double? Progress { get; init; }

    public string? Phase { get; init; }

    public string? ResultJson { get; init; }

    /// <summary>What earlier steps have achieved, for another run.</summary>
    public string? CheckpointJson { get; init; }

    public bool CancelRequested { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The lease of the attempt that runs.</summary>
    /// <exception cref="InvalidOperationException">The job is not running.</exception>
    public JobLease Lease() => State == JobStates.Running && ClaimedBy is not null
        ? new JobLease(Id, ClaimedBy, Attempts)
        : throw new InvalidOperationException($"{Id} is {State}; only a running job has a lease.");
}
