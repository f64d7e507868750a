namespace Capyd.Previews;

/// <summary>What a preview can show of the past.</summary>
internal sealed record PastContent(BackupContent Backups, MomentContent Moments);
