namespace Capyd.Storage.Repository.Chunks;

/// <summary>The backups of a repository.</summary>
/// <param name="Damaged">Backups whose manifest cannot be read; each text says which and why.</param>
public sealed record BackupListing(IReadOnlyList<ManifestHeader> Backups, IReadOnlyList<string> Damaged);
