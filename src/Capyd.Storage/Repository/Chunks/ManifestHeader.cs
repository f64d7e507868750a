namespace Capyd.Storage.Repository.Chunks;

/// <summary>What stands at the beginning of a manifest, as JSON.</summary>
public sealed record ManifestHeader
{
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>The backup's name, unique in the repository.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required long Entries { get; init; }

    /// <summary>Bytes of all files together.</summary>
    public required long LogicalBytes { get; init; }

    /// <summary>Compressed bytes that this backup added.</summary>
    public required long AddedBytes { get; init; }

    public required long Chunks { get; init; }

    /// <summary>Bytes of the section of entries that follows.</summary>
    public required long EntriesLength { get; init; }

    /// <summary>The owner's own text, usually JSON.</summary>
    public required string Metadata { get; init; }
}
