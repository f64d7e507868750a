namespace Capyd.Storage.Repository.Chunks;

/// <summary>What an entry of a manifest is. The numbers are part of the format.</summary>
public enum ManifestEntryKind
{
    File = 1,
    Directory = 2,
    SymbolicLink = 3,
}
