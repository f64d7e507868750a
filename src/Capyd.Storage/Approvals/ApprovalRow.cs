namespace Capyd.Storage.Approvals;

/// <summary>A person's one-time consent to a dangerous action; only the SHA-256 of the token is kept.</summary>
public sealed record ApprovalRow
{
    public required ApprovalId Id { get; init; }

    public required ProjectId ProjectId { get; init; }

    public required string Action { get; init; }

    /// <summary>32 bytes, unique.</summary>
    public required byte[] TokenHash { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? ConsumedAt { get; init; }

    /// <summary>The job that used it up.</summary>
    public JobId? JobId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
