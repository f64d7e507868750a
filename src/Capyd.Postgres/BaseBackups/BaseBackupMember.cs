namespace Capyd.Postgres.BaseBackups;

/// <summary>A file, directory or link of a data directory.</summary>
/// <param name="Path">Relative to the data directory, with slashes; files of a tablespace are at
/// <c>pg_tblspc/16400/PG_15_202209061/…</c>, as the server itself sees them.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Size">Bytes of a file, otherwise 0; -1 for backup_manifest, whose size is unknown before it has arrived.</param>
/// <param name="ModifiedAt">Seconds since 1970.</param>
public sealed record BaseBackupMember(BaseBackupMemberKind Kind, string Path, UnixFileMode Mode, long Size, long ModifiedAt)
{
    /// <summary>Where a link points to; for a tablespace its place on the server.</summary>
    public string LinkTarget { get; init; } = "";
}
