namespace Capyd.Postgres.Tools;

/// <summary>How a program ended. The tails are the last 64 KiB at most, without secrets.</summary>
public sealed record ToolOutcome(int ExitCode, string StdoutTail, string StderrTail, TimeSpan Duration)
{
    private const int QuotedLines = 3;

    /// <exception cref="ToolFailedException">The exit code is not 0.</exception>
    public ToolOutcome EnsureSuccess(ToolCommand command)
    {
        if (ExitCode == 0)
        {
            return this;
        }

        var retry = ToolFailure.Classify(StderrTail);
        throw new ToolFailedException(command.Name, this, retry, $"{command.Name} failed with exit code {ExitCode}: {LastWords()}");
    }

    private string LastWords()
    {
        var text = StderrTail.Trim().Length > 0 ? StderrTail : StdoutTail;
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "it said nothing." : string.Join(" | ", lines.TakeLast(QuotedLines));
    }
}
