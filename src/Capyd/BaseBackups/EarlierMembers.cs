using Capyd.Postgres.BaseBackups;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.BaseBackups;

/// <summary>The previous base backup, whose files become members of the one that is being written without being read.</summary>
internal sealed class EarlierMembers(StoredBaseBackup previous, BackupSession session) : IEarlierBaseBackup
{
    private ManifestEntry? _last;

    public BaseBackupStart Start => previous.Facts.Start();

    public DateTimeOffset SettledBefore => previous.Facts.SettledBefore ?? DateTimeOffset.MinValue;

    public DateTimeOffset StopAt => previous.Facts.StopAt;

    public BaseBackupMember? Find(string path) => Entry(path) is { } entry ? StoredMember.Of(entry) : null;

    public Task<Stream> OpenAsync(BaseBackupMember file, CancellationToken cancellationToken) => previous.OpenAsync(file, cancellationToken);

    public bool TryTakeOver(BaseBackupMember file)
    {
        if (Entry(file.Path) is not { } entry || !entry.Chunks.All(session.TryReuse))
        {
            return false;
        }

        session.AddEntry(entry);
        return true;
    }

    /// <summary>A file is looked for to be judged, and at once again to be taken over.</summary>
    private ManifestEntry? Entry(string path)
    {
        if (Volatile.Read(ref _last) is { } last && last.Path == path)
        {
            return last;
        }

        var found = previous.Find(path);
        Volatile.Write(ref _last, found);
        return found;
    }
}
