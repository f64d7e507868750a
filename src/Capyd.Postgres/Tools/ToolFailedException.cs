using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Tools;

/// <summary>A program ran and reported failure.</summary>
public sealed class ToolFailedException(string tool, ToolOutcome outcome, RetryClass retry, string message) : Exception(message)
{
    public string Tool { get; } = tool;

    public ToolOutcome Outcome { get; } = outcome;

    public RetryClass Retry { get; } = retry;
}
