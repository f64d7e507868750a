namespace Capyd.Storage.Repository.Chunks;

/// <summary>What a check found. Lists hold the first <see cref="MaxListed"/> findings; the numbers count all.</summary>
public sealed record RepositoryCheck
{
    public const int MaxListed = 200;

    public required int Backups { get; init; }

    public required int Packs { get; init; }

    public required long Chunks { get; init; }

    /// <summary>Bytes of packs that were read and compared with their names; 0 when data was not read.</summary>
    public required long ReadBytes { get; init; }

    public required IReadOnlyList<DamagedPack> DamagedPacks { get; init; }

    public required int DamagedPackCount { get; init; }

    /// <summary>Backups whose manifest cannot be read; each text says which and why.</summary>
    public required IReadOnlyList<string> DamagedManifests { get; init; }

    public required IReadOnlyList<UnusableBackup> UnusableBackups { get; init; }

    /// <summary>Whether every backup can be restored wholly, as far as was looked.</summary>
    public bool IsSound => DamagedPackCount == 0 && DamagedManifests.Count == 0 && UnusableBackups.Count == 0;
}
