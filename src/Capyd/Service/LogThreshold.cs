namespace Capyd.Service;

/// <summary>What is logged, changed while the daemon runs. The framework's own chatter is kept down always.</summary>
internal sealed class LogThreshold(string word)
{
    private volatile int _least = (int)Parse(word);

    public bool Passes(string? category, LogLevel level) =>
        level >= (LogLevel)_least && (level >= LogLevel.Warning || category?.StartsWith("Microsoft", StringComparison.Ordinal) != true);

    /// <param name="level">As in the configuration: debug, info, warning or error.</param>
    public void Set(string level) => _least = (int)Parse(level);

    private static LogLevel Parse(string level) => level switch
    {
        "debug" => LogLevel.Debug, "warning" => LogLevel.Warning, "error" => LogLevel.Error, _ => LogLevel.Information,
    };
}
