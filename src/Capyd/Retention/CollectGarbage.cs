using Capyd.BaseBackups;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.Retention;

/// <summary>Removes chunks that no base backup refers to, after base backups were removed or broke off.</summary>
internal sealed partial class CollectGarbage(
    MetadataDatabase metadata, BaseBackupRepository repository, ILogger<CollectGarbage> logger) : IDueWork
{
    public string Name => "garbage in the repository";

    public async Task TickAsync(CancellationToken stopping)
    {
        if (!metadata.Read(GarbageDue.Is))
        {
            return;
        }

        FaultPoint.Reach("base_retention.before_garbage");
        try
        {
            var report = await (await repository.OpenAsync(stopping)).CollectGarbageAsync(stopping);
            FaultPoint.Reach("base_retention.after_garbage");
            await metadata.WriteAsync(GarbageDue.Clear, stopping);
            LogCollected(report.FreedBytes >> 20, report.RemovedPacks, report.RewrittenPacks);
        }
        catch (RepositoryBusyException e)
        {
            LogBusy(e.Message);
        }
        catch (RepositoryDamagedException e)
        {
            LogDamaged(e.Message);
        }
    }

    [LoggerMessage(9120, LogLevel.Information, "{Megabytes} MiB of chunks that no base backup needs were removed ({Removed} packs gone, {Rewritten} rewritten)")]
    private partial void LogCollected(long megabytes, int removed, int rewritten);

    [LoggerMessage(9121, LogLevel.Debug, "garbage is collected later: {Problem}")]
    private partial void LogBusy(string problem);

    [LoggerMessage(9122, LogLevel.Error, "garbage is not collected, so that nothing is lost that could be mended: {Problem} Run capyd repository check")]
    private partial void LogDamaged(string problem);
}
