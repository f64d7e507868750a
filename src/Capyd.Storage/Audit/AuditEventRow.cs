namespace Capyd.Storage.Audit;

/// <summary>Who did what, and when; never changed.</summary>
public sealed record AuditEventRow
{
    public required AuditEventId Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public ProjectId? ProjectId { get; init; }

    /// <summary>Such as <c>project.created</c>.</summary>
    public required string Action { get; init; }

    /// <summary><c>user</c>, <c>api_key</c>, <c>operator</c> or <c>system</c>.</summary>
    public required string ActorKind { get; init; }

    public string? ActorId { get; init; }

    /// <summary>JSON without secrets.</summary>
    public required string MetadataJson { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
