using Microsoft.Extensions.Logging;

namespace Capyd.Postgres.Instances;

internal static partial class EmbeddedLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Creating the embedded PostgreSQL {Major} cluster in {Directory}")]
    public static partial void Initializing(this ILogger logger, int major, string directory);

    [LoggerMessage(Level = LogLevel.Information, Message = "The embedded PostgreSQL server answers at {Socket}, port {Port}, after {Elapsed}")]
    public static partial void Started(this ILogger logger, string socket, int port, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Found the embedded PostgreSQL server running; taking it over")]
    public static partial void Adopted(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removed {Directory}/postmaster.pid: its process id now belongs to another program")]
    public static partial void RemovedForeignPid(this ILogger logger, string directory);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The embedded server did not stop in time; stopping it the way a power cut would")]
    public static partial void StoppingAtOnce(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The embedded server ended; starting it again")]
    public static partial void Died(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The embedded server did not start; next try in {Delay}")]
    public static partial void RestartFailed(this ILogger logger, Exception error, TimeSpan delay);
}
