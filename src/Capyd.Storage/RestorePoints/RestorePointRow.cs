namespace Capyd.Storage.RestorePoints;

/// <summary>A label on a backup or on an instant.</summary>
public sealed record RestorePointRow
{
    public required RestorePointId Id { get; init; }

    public required ProjectId ProjectId { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required string Label { get; init; }

    public string? Note { get; init; }

    /// <summary>One of <see cref="RestorePointKinds"/>.</summary>
    public required string Kind { get; init; }

    public string State { get; init; } = "active";

    /// <summary>The labelled backup, which does not expire as long as this row is there; null for an instant.</summary>
    public BackupId? BackupId { get; init; }

    /// <summary>Its key, read beside the row; never stored.</summary>
    public string? BackupKey { get; init; }

    public DateTimeOffset? PitrTime { get; init; }

    /// <summary>The name of the point in the WAL, and <see cref="WalLsn"/> where it stands, such as <c>0/16B3748</c>.</summary>
    public string? WalName { get; init; }

    public string? WalLsn { get; init; }

    public required string CreatedByActorKind { get; init; }

    public string? CreatedByActorId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
