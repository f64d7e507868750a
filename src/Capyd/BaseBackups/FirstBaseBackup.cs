using Capyd.Wal;

namespace Capyd.BaseBackups;

/// <summary>Looks whether a base backup is due as soon as WAL arrives, so that the window begins within seconds of the first start.</summary>
internal sealed partial class FirstBaseBackup(WalState wal, BaseBackupSchedule schedule, ILogger<FirstBaseBackup> logger) : IBackgroundLoop
{
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await wal.WaitUntilStreamingAsync(stopping);
            await schedule.TickAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogStopped();
        }
        catch (Exception e)
        {
            LogLater(e);
        }
    }

    [LoggerMessage(9101, LogLevel.Debug, "stopped before any WAL arrived")]
    private partial void LogStopped();

    [LoggerMessage(9102, LogLevel.Warning, "the first base backup is looked after again in half a minute")]
    private partial void LogLater(Exception e);
}
