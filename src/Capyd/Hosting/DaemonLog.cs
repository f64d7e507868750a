namespace Capyd.Hosting;

internal static partial class DaemonLog
{
    [LoggerMessage(1200, LogLevel.Debug, "stopped before PostgreSQL answered")]
    public static partial void LogStopped(this ILogger logger);

    [LoggerMessage(1201, LogLevel.Critical, "one of the main loops ended, so capyd stops")]
    public static partial void LogLoopEnded(this ILogger logger, Exception? e);
}
