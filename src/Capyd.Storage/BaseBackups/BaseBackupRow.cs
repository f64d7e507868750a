namespace Capyd.Storage.BaseBackups;

/// <summary>A copy of the whole cluster, from which with the log after it any later moment can be recovered.</summary>
public sealed record BaseBackupRow
{
    /// <inheritdoc cref="Reading"/>
    public const string ReadWhole = "whole";

    /// <inheritdoc cref="Reading"/>
    public const string ReadChanged = "changed";

    public required BaseBackupId Id { get; init; }

    /// <summary>Of its manifest in the repository of chunks.</summary>
    public required string Name { get; init; }

    /// <summary>Null until the server has said it; so are the timeline and the positions.</summary>
    public string? SystemIdentifier { get; init; }

    /// <summary>running, completed, failed, deleting or deleted.</summary>
    public required string State { get; init; }

    /// <summary>manual, schedule, first or gap.</summary>
    public required string Trigger { get; init; }

    public string? Label { get; init; }

    public int? Timeline { get; init; }

    public string? StartLsn { get; init; }

    public string? StopLsn { get; init; }

    /// <summary>The earliest moment that can be recovered from it, rounded up.</summary>
    public DateTimeOffset? StopAt { get; init; }

    /// <summary>Such as 150018.</summary>
    public int? ServerVersion { get; init; }

    /// <summary>whole, or changed: only files that had changed since the one before. Null until it is completed.</summary>
    public string? Reading { get; init; }

    public long Files { get; init; }

    public long LogicalBytes { get; init; }

    /// <summary>What it added to the repository.</summary>
    public long AddedBytes { get; init; }

    /// <summary>pending, running, verified or failed.</summary>
    public string VerificationState { get; init; } = "pending";

    public string? VerificationError { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }

    public string? Error { get; init; }

    public JobId? JobId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
