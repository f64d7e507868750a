namespace Capyd.Wal;

/// <summary>Whoever takes base backups, as the WAL side asks for one.</summary>
internal interface IBaseBackupRequests
{
    /// <summary>Accepts one because of a gap, unless one is under way already.</summary>
    Task AskForGapAsync(CancellationToken cancellation);
}
