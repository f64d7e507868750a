namespace Capyd.Postgres.BaseBackups;

/// <summary>A file of the server as it was listed.</summary>
/// <param name="ModifiedAt">Of the content; seconds since 1970, as is the other.</param>
/// <param name="ChangedAt">Of anything about the file: nobody can set this one back but by the clock.</param>
internal sealed record BackupFile(string Path, long Size, long ModifiedAt, long ChangedAt);
