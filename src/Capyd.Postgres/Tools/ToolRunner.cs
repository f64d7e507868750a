using System.ComponentModel;
using System.Diagnostics;

namespace Capyd.Postgres.Tools;

/// <summary>The one place that starts programs.</summary>
public sealed class ToolRunner(TimeProvider clock)
{
    /// <summary>Of coreutils; sets the buffer of the program's standard output, and becomes the program.</summary>
    private static readonly string[] BulkWriter = ["stdbuf", "--output=64K"];

    internal TimeProvider Clock { get; } = clock;

    /// <summary>
    /// Runs a program to its end. A non-zero exit code is an outcome, not an exception. Cancellation interrupts the
    /// program, kills it after 10 seconds and returns only when it is gone. When a stream callback throws, the program
    /// is ended and that exception is thrown.
    /// </summary>
    /// <exception cref="ToolMissingException">The program could not be started.</exception>
    public async Task<ToolOutcome> RunAsync(ToolCommand command, ToolStreams streams, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = command.DiesWithParent ? SteadyThread.Run(() => Start(command)) : Start(command);
        return await new ToolRun(process, command, streams, Clock).CompleteAsync(cancellationToken);
    }

    private static Process Start(ToolCommand command)
    {
        string[] line = [.. command.WritesInBulk ? BulkWriter : [], command.Program, .. command.Arguments];
        var info = new ProcessStartInfo(line[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in line[1..])
        {
            info.ArgumentList.Add(argument);
        }

        if (command.RunAs is not null && Environment.IsPrivilegedProcess)
        {
            info.UserName = command.RunAs;
        }

        FillEnvironment(info, command);
        try
        {
            return Process.Start(info) ?? throw new ToolMissingException($"{command.Program} did not start.");
        }
        catch (Win32Exception e)
        {
            throw new ToolMissingException($"Could not start {command.Program}: {e.Message}", e);
        }
    }

    private static void FillEnvironment(ProcessStartInfo info, ToolCommand command)
    {
        info.Environment.Clear();
        info.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        info.Environment["LC_ALL"] = "C";
        info.Environment["TZ"] = "UTC";
        info.Environment["HOME"] = "/";
        foreach (var (name, value) in command.Environment)
        {
            info.Environment[name] = value;
        }
    }
}
