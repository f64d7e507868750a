namespace Capyd.Storage.Repository.Chunks;

/// <summary>A file, directory or link of a backup.</summary>
/// <param name="Path">Relative, with slashes.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Size">Plain bytes of a file, otherwise 0.</param>
/// <param name="ModifiedAt">Seconds since 1970.</param>
public sealed record ManifestEntry(ManifestEntryKind Kind, string Path, int Mode, long Size, long ModifiedAt)
{
    /// <summary>Where a link points to.</summary>
    public string LinkTarget { get; init; } = "";

    /// <summary>The content of a file, in order.</summary>
    public IReadOnlyList<ChunkRef> Chunks { get; init; } = [];
}
