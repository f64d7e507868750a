using System.Collections;
using System.Text.Json;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Doctor;

/// <summary>The examination without a daemon. Root becomes the owner of the data directory for it: what root may do says nothing about capyd.</summary>
internal static class LocalExamination
{
    public static async Task<DoctorReport> RunAsync(CapydOptions options, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        var directories = new DataDirectory(options);
        if (Environment.IsPrivilegedProcess && await OwnerAsync(directories.Root, clock, cancellation) is { } owner && owner != "root")
        {
            return await AsAsync(owner, directories.Root, clock, cancellation);
        }

        var examination = new Examination(options, directories, clock);
        if (options.Embedded)
        {
            return await examination.RunAsync("command", null, "capyd's own cluster runs with the daemon", cancellation);
        }

        var postgres = options.Postgres;
        await using var cluster = new PostgresCluster(new ClusterEndpoint(postgres.SocketDir, postgres.Port, postgres.AdminRole, null, postgres.LoginHost));
        return await examination.RunAsync("command", cluster, null, cancellation);
    }

    /// <returns>Null when the directory is not there.</returns>
    private static async Task<string?> OwnerAsync(string directory, TimeProvider clock, CancellationToken cancellation)
    {
        var outcome = await new ToolRunner(clock).RunAsync(new ToolCommand("stat", ["-c", "%U", "--", directory]), ToolStreams.None, cancellation);
        return outcome.ExitCode == 0 ? outcome.StdoutTail.Trim() : null;
    }

    private static async Task<DoctorReport> AsAsync(string owner, string data, TimeProvider clock, CancellationToken cancellation)
    {
        var settings = Environment.GetEnvironmentVariables().OfType<DictionaryEntry>()
            .Select(pair => (Name: (string)pair.Key, Value: pair.Value as string ?? ""))
            .Where(pair => pair.Name.StartsWith("CAPYD_", StringComparison.Ordinal) || pair.Name == "DOTNET_ROLL_FORWARD");
        var command = new ToolCommand(Environment.ProcessPath ?? "/usr/bin/capyd", ["doctor", "--local", "--json", .. Where(data)])
        {
            RunAs = owner,
            Environment = settings.ToDictionary(pair => pair.Name, pair => pair.Value),
        };
        var outcome = await new ToolRunner(clock).RunAsync(command, ToolStreams.None, cancellation);
        return outcome.StdoutTail.StartsWith('{') && JsonSerializer.Deserialize(outcome.StdoutTail, DoctorJson.Default.DoctorReport) is { } report
            ? report
            : DoctorReport.Of("command", clock.GetUtcNow(), [Finding.Fail("examination", $"as {owner} it ended with: {outcome.StderrTail.Trim()}", $"run: runuser -u {owner} -- capyd doctor --local")]);
    }

    /// <summary>The same configuration as this command's.</summary>
    private static string[] Where(string data)
    {
        var given = Environment.GetCommandLineArgs();
        var at = Array.IndexOf(given, "--config");
        return at > 0 && at + 1 < given.Length ? ["--config", Path.GetFullPath(given[at + 1])]
            : given.Contains("--data-dir") ? ["--data-dir", data] : [];
    }
}
