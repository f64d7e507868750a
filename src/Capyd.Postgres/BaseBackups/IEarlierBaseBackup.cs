namespace Capyd.Postgres.BaseBackups;

/// <summary>A base backup as it is kept, from which a later one takes over files that did not change since.</summary>
public interface IEarlierBaseBackup
{
    BaseBackupStart Start { get; }

    /// <summary>Files with an earlier time were settled when it looked at them: written again, they have another one.</summary>
    DateTimeOffset SettledBefore { get; }

    /// <summary>A time of the server's clock after it ended.</summary>
    DateTimeOffset StopAt { get; }

    /// <summary>The member with that path; null when it has none.</summary>
    BaseBackupMember? Find(string path);

    /// <summary>The content of a file.</summary>
    Task<Stream> OpenAsync(BaseBackupMember file, CancellationToken cancellationToken);

    /// <summary>Makes a file of this backup, as it is, a member of the later one.</summary>
    /// <returns>False when its content is not to be had any more; then it is read.</returns>
    bool TryTakeOver(BaseBackupMember file);
}
