namespace Capyd.Storage.ApiKeys;

/// <summary>An API key; only the SHA-256 of its secret is kept.</summary>
public sealed record ApiKeyRow
{
    public required ApiKeyId Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required string Name { get; init; }

    /// <summary>The first characters of the key, for people to recognise it by.</summary>
    public required string KeyPrefix { get; init; }

    /// <summary>SHA-256 of the whole key: 32 bytes, unique.</summary>
    public required byte[] KeyHash { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary><c>api</c>, <c>cli</c> or <c>agent</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The only project that the key may touch, or null for all.</summary>
    public ProjectId? ProjectId { get; init; }

    public string? DeviceName { get; init; }

    /// <summary>May manage other keys.</summary>
    public bool Manager { get; init; }

    public string? CreatedByUserId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}
