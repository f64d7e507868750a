namespace Capyd.Storage.Webhooks;

/// <summary>An address that an organization wants its events sent to.</summary>
public sealed record WebhookEndpointRow
{
    public required WebhookEndpointId Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required string Url { get; init; }

    public string? Description { get; init; }

    /// <summary>The events it wants; empty for all.</summary>
    public required IReadOnlyList<string> EventTypes { get; init; }

    /// <summary>While it is not, nothing is written for it, and what is pending waits.</summary>
    public required bool IsActive { get; init; }

    /// <summary>The signing secret, encrypted.</summary>
    public required byte[] SecretSealed { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public bool Wants(string eventType) => EventTypes.Count == 0 || EventTypes.Contains(eventType);
}
