namespace Capyd.Storage.Webhooks;

/// <summary>One event for one endpoint, and how far it has come.</summary>
public sealed record WebhookDeliveryRow
{
    public required WebhookDeliveryId Id { get; init; }

    public required WebhookEndpointId EndpointId { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required string EventType { get; init; }

    /// <summary>The body, exactly as it is signed and sent.</summary>
    public required string Payload { get; init; }

    /// <summary><c>pending</c>, <c>delivered</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Attempts that have ended.</summary>
    public int Attempts { get; init; }

    public required int MaxAttempts { get; init; }

    public required DateTimeOffset NextAttemptAt { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Of the last attempt that was answered.</summary>
    public int? ResponseStatus { get; init; }

    public string? LastError { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
