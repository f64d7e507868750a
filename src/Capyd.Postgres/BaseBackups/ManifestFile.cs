namespace Capyd.Postgres.BaseBackups;

/// <summary>A file as a backup_manifest lists it.</summary>
/// <param name="Checksum">CRC-32C.</param>
internal sealed record ManifestFile(string Path, long Size, uint Checksum);
