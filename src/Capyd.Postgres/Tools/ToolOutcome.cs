namespace Capyd.Postgres.Tools;

/// <summary>How a program ended. The tails are the last 64 KiB at most, without secrets.</summary>
public sealed record ToolOutcome(int ExitCode, string StdoutTail, string StderrTail, TimeSpan Duration)
{
    private const int QuotedLines = 4;

    /// <exception cref="ToolFailedException">The exit code is not 0.</exception>
    public ToolOutcome EnsureSuccess(ToolCommand command)
    {
        if (ExitCode == 0)
        {
            return this;
        }

        var retry = ToolFailure.Classify(StderrTail);
        throw new ToolFailedException(command.Name, this, retry, $"{command.Name} failed with exit code {ExitCode}: {Words()}");
    }

    /// <summary>From its first error on: the last lines may only tell of what that led to. Without one, its last lines.</summary>
    private string Words()
    {
        var text = StderrTail.Trim().Length > 0 ? StderrTail : StdoutTail;
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var error = Array.FindIndex(lines, line => line.Contains(": error:", StringComparison.Ordinal));
        return lines.Length == 0 ? "it said nothing." : string.Join(" | ", error < 0 ? lines.TakeLast(QuotedLines) : lines.Skip(error).Take(QuotedLines));
    }
}
