namespace Capyd.Restores;

/// <summary>Where the restored content came from.</summary>
/// <param name="Kind">A source kind of previews.</param>
/// <param name="RestoreTime">The moment that it shows; null for a backup.</param>
internal sealed record RestoredFrom(string Kind, string? BackupKey, DateTimeOffset? RestoreTime);
