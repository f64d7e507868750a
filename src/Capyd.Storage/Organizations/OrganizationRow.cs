namespace Capyd.Storage.Organizations;

/// <summary>The owner of projects and API keys.</summary>
public sealed record OrganizationRow
{
    public required OrganizationId Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Unique.</summary>
    public required string Slug { get; init; }

    public required string Plan { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
