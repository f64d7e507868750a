namespace Capyd.Postgres.Tools;

/// <summary>What is connected to a running program. What is not connected is closed (stdin) or drained (stdout, stderr).</summary>
public sealed class ToolStreams
{
    public static ToolStreams None { get; } = new();

    /// <summary>Writes to the program's input; returning ends the input.</summary>
    public Func<Stream, CancellationToken, Task>? Stdin { get; init; }

    /// <summary>Reads the program's output. Without it the tail of the output is kept.</summary>
    public Func<Stream, CancellationToken, Task>? Stdout { get; init; }

    /// <summary>Called for every line of stderr, without secrets; a line for which it returns true is not kept in the tail.</summary>
    public Func<string, bool>? StderrLine { get; init; }
}
