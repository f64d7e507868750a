namespace Capyd.Storage.Exports;

/// <summary>One dump of a project's database for use elsewhere.</summary>
public sealed record ExportRow
{
    public required ExportId Id { get; init; }

    public required ProjectId ProjectId { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required string DatabaseName { get; init; }

    /// <summary>The name of the object in the repository; unique.</summary>
    public required string ObjectKey { get; init; }

    /// <summary>One of <see cref="ExportStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>0 until it is completed.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    public required JobId JobId { get; init; }

    /// <summary>When its file goes; counted anew when it is completed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
