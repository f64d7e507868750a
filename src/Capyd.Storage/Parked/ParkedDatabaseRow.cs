namespace Capyd.Storage.Parked;

/// <summary>A database that a swap has replaced, kept so that the swap can be undone.</summary>
public sealed record ParkedDatabaseRow
{
    public required ParkedDatabaseId Id { get; init; }

    public ProjectId? ProjectId { get; init; }

    /// <summary>Set when a preview's database was replaced.</summary>
    public PreviewId? PreviewId { get; init; }

    /// <summary>The parking name on the server; unique.</summary>
    public required string DatabaseName { get; init; }

    /// <summary>The job that swapped.</summary>
    public required JobId JobId { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
