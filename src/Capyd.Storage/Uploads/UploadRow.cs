namespace Capyd.Storage.Uploads;

/// <summary>A file that was or will be uploaded for an import.</summary>
public sealed record UploadRow
{
    public required UploadId Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required ProjectId ProjectId { get; init; }

    /// <summary>One of <see cref="UploadStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>The boot of the daemon that takes the bytes now.</summary>
    public string? ReceivedBy { get; init; }

    public long? SizeBytes { get; init; }

    public string? Sha256 { get; init; }

    /// <summary>When an open slot closes, or an uploaded file is removed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
