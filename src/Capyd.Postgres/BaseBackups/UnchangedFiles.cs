namespace Capyd.Postgres.BaseBackups;

/// <summary>
/// Decides from size and times whether a file is what the earlier backup has, without reading it. What was not settled when the earlier
/// backup looked (<see cref="SettledTime"/>) is read. The time at which anything about the file changed shows
/// what was put in its place with an old time of the content, as a copy of a volume.
/// </summary>
internal sealed class UnchangedFiles(IEarlierBaseBackup earlier)
{
    private readonly long _settled = earlier.SettledBefore.ToUnixTimeSeconds();

    /// <returns>The file in the earlier backup; null when it has to be read.</returns>
    public BaseBackupMember? Find(BackupFile file) =>
        file.ModifiedAt < _settled
        && file.ChangedAt <= Math.Max(_settled - 1, file.ModifiedAt + 1)
        && earlier.Find(file.Path) is { Kind: BaseBackupMemberKind.File } before
        && before.Size == file.Size
        && before.ModifiedAt == file.ModifiedAt
            ? before
            : null;
}
