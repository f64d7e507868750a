namespace Capyd.Storage.Projects;

/// <summary>One database with its role, as promised to its owner.</summary>
public sealed record ProjectRow
{
    public required ProjectId Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required string Name { get; init; }

    /// <summary>Unique among the organization's projects that are not deleted.</summary>
    public required string Slug { get; init; }

    /// <summary><c>production</c> or <c>non_production</c>.</summary>
    public required string Environment { get; init; }

    public required string Region { get; init; }

    public required string Plan { get; init; }

    /// <summary>One of <see cref="ProjectStates"/>.</summary>
    public required string State { get; init; }

    public required string DatabaseName { get; init; }

    public required string RoleName { get; init; }

    /// <summary>Encrypted; empty once the project is deleted.</summary>
    public required byte[] PasswordSealed { get; init; }

    /// <summary>The encrypted password that a rotation is about to set.</summary>
    public byte[]? PendingPasswordSealed { get; init; }

    public required int MaxConnections { get; init; }

    public required long StorageLimitBytes { get; init; }

    /// <summary>As PostgreSQL takes it, such as <c>30s</c>.</summary>
    public required string StatementTimeout { get; init; }

    /// <summary>As PostgreSQL takes it, such as <c>60s</c>.</summary>
    public required string IdleTransactionTimeout { get; init; }

    public required bool AlwaysOn { get; init; }

    /// <summary>The owner has chosen <see cref="AlwaysOn"/>; it is no default.</summary>
    public bool AlwaysOnExplicit { get; init; }

    public string? PostgresVersion { get; init; }

    public JobId? LatestJobId { get; init; }

    public string? LastError { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }
}
