namespace Capyd.Postgres.BaseBackups;

/// <summary>
/// Decides from size and times whether a file is what the earlier backup has, without reading it. Times are in seconds, so a file that was
/// written within the last of them before the earlier backup looked may have been written again in the same one: it is read (trap 26). The
/// time at which anything about the file changed shows what was put in its place with an old time of the content, as a copy of a volume.
/// </summary>
internal sealed class UnchangedFiles(IEarlierBaseBackup earlier)
{
    /// <summary>Seconds.</summary>
    private const long Unsure = 2;

    private readonly long _sure = earlier.StartedAt.ToUnixTimeSeconds() - Unsure;

    /// <returns>The file in the earlier backup; null when it has to be read.</returns>
    public BaseBackupMember? Find(BackupFile file) =>
        file.ModifiedAt <= _sure
        && file.ChangedAt <= Math.Max(_sure, file.ModifiedAt + 1)
        && earlier.Find(file.Path) is { Kind: BaseBackupMemberKind.File } before
        && before.Size == file.Size
        && before.ModifiedAt == file.ModifiedAt
            ? before
            : null;
}
