namespace Capyd.Storage.Alerts;

/// <summary>Something of a project that its owner should look at; open until <see cref="ResolvedAt"/>.</summary>
public sealed record AlertRow
{
    public required AlertId Id { get; init; }

    public required ProjectId ProjectId { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    /// <summary>What is watched: <c>storage</c>, <c>connections</c>, <c>backup_stale</c>, …</summary>
    public required string Kind { get; init; }

    /// <summary>One of <see cref="AlertSeverities"/>.</summary>
    public required string Severity { get; init; }

    /// <summary>In the unit of the kind: bytes, connections, seconds, failures.</summary>
    public required long ObservedValue { get; init; }

    /// <summary>In the same unit as <see cref="ObservedValue"/>.</summary>
    public required long LimitValue { get; init; }

    public required DateTimeOffset TriggeredAt { get; init; }

    public DateTimeOffset? AcknowledgedAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    public DateTimeOffset? LastNotifiedAt { get; init; }
}
