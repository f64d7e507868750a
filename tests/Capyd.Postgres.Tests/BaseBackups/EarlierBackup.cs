using Capyd.Postgres.BaseBackups;

namespace Capyd.Postgres.Tests.BaseBackups;

/// <summary>A kept backup from which a later one takes over files.</summary>
internal sealed class EarlierBackup(KeptBackup earlier, KeptBackup? later) : IEarlierBaseBackup
{
    public BaseBackupStart Start { get; init; } = earlier.Result!.Start;

    public DateTimeOffset SettledBefore { get; init; } = earlier.Result!.SettledBefore;

    public DateTimeOffset StopAt { get; init; } = earlier.Result!.StopAt;

    /// <summary>A file whose content is lost.</summary>
    public string? Lost { get; init; }

    /// <summary>The same with one file's content lost.</summary>
    public EarlierBackup Without(string path) => new(earlier, later) { Lost = path };

    public BaseBackupMember? Find(string path) => path == Lost && path == "backup_manifest" ? null : earlier.Find(path);

    public Task<Stream> OpenAsync(BaseBackupMember file, CancellationToken cancellationToken) => earlier.OpenAsync(file, cancellationToken);

    public bool TryTakeOver(BaseBackupMember file)
    {
        if (file.Path == Lost)
        {
            return false;
        }

        later?.TakeOver(file, earlier);
        return true;
    }
}
