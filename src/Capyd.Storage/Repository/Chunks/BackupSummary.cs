namespace Capyd.Storage.Repository.Chunks;

/// <summary>What a backup cost.</summary>
/// <param name="Reused">Chunks that were taken over from an earlier backup without being compressed.</param>
/// <param name="Added">Chunks that were new; the rest was found stored already.</param>
public sealed record BackupSummary(ManifestHeader Header, long Reused, long Added);
