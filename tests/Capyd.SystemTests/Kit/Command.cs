using System.Diagnostics;

namespace Capyd.SystemTests.Kit;

/// <summary>A finished program.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The output without its last line end; anything but exit code 0 fails the test.</summary>
    public string Good() => ExitCode == 0 ? Output.TrimEnd('\n') : throw new InvalidOperationException($"exit code {ExitCode}: {Output}{Errors}");
}

/// <summary>Runs programs to their end.</summary>
public static class Command
{
    public static Task<CommandResult> RunAsync(string program, params string[] arguments) =>
        RunAsync(program, new Dictionary<string, string>(), arguments);

    public static async Task<CommandResult> RunAsync(string program, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = "/" };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await output, await errors);
    }

    /// <summary>The same as the OS user postgres.</summary>
    public static Task<CommandResult> AsPostgresAsync(string program, params string[] arguments) =>
        RunAsync("runuser", ["-u", "postgres", "--", program, .. arguments]);
}
