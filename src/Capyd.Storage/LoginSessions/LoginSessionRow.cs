namespace Capyd.Storage.LoginSessions;

/// <summary>A machine that waits for a person to give it an API key.</summary>
public sealed record LoginSessionRow
{
    public required LoginSessionId Id { get; init; }

    /// <summary>SHA-256 of what the machine polls with.</summary>
    public required byte[] PollTokenHash { get; init; }

    /// <summary><c>api</c>, <c>cli</c> or <c>agent</c>.</summary>
    public required string Source { get; init; }

    public required string KeyName { get; init; }

    public string? DeviceName { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>When the machine wants its key to end, if it said so.</summary>
    public DateTimeOffset? KeyExpiresAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? AuthorizedAt { get; init; }

    /// <summary>Whose key it will be; known once it is authorized.</summary>
    public OrganizationId? OrganizationId { get; init; }

    /// <summary>The person who authorized it, where known.</summary>
    public string? UserId { get; init; }

    /// <summary>When the key was handed over, once.</summary>
    public DateTimeOffset? CollectedAt { get; init; }

    public ApiKeyId? ApiKeyId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
