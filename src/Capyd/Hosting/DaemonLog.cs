namespace Capyd.Hosting;

internal static partial class DaemonLog
{
    [LoggerMessage(1200, LogLevel.Debug, "stopped before PostgreSQL answered")]
    public static partial void LogStopped(this ILogger logger);

    [LoggerMessage(1202, LogLevel.Warning, "no Unix socket: {Path} is too long for one; set a shorter socket in capyd.yaml")]
    public static partial void LogNoSocket(this ILogger logger, string path);

    [LoggerMessage(1201, LogLevel.Critical, "one of the main loops ended, so capyd stops")]
    public static partial void LogLoopEnded(this ILogger logger, Exception? e);
}
