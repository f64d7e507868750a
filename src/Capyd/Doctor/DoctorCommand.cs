using System.CommandLine;
using System.Text.Json;
using Capyd.Cli;
using Capyd.Client;

namespace Capyd.Doctor;

/// <summary><c>capyd doctor</c>: asks the running daemon to look at its host; where none runs, looks itself. Exit code 1 when anything fails.</summary>
internal static class DoctorCommand
{
    public static Command Build()
    {
        var arguments = new ConfigurationArguments();
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var local = new Option<bool>("--local") { Description = "Look from here, also when the daemon runs." };
        var command = new Command("doctor", "Look at everything that capyd needs on this host, and say what to mend.") { json, local };
        arguments.AddTo(command, serving: false);
        command.SetAction(async (parsed, cancellation) => arguments.Load(parsed, serving: false) is { } options
            ? await RunAsync(options, parsed.GetValue(local), parsed.GetValue(json), cancellation) : ExitCode.Usage);
        return command;
    }

    private static async Task<int> RunAsync(CapydOptions options, bool local, bool json, CancellationToken cancellation)
    {
        try
        {
            var report = local ? await LocalExamination.RunAsync(options, cancellation) : await AskAsync(options, cancellation);
            Console.Out.Write(json ? JsonSerializer.Serialize(report, DoctorJson.Default.DoctorReport) + "\n" : DoctorText.Format(report));
            return report.Result == Finding.Failed ? ExitCode.Failed : ExitCode.Good;
        }
        catch (ApiRefusedException e)
        {
            await Console.Error.WriteLineAsync($"capyd: {e.Message}{(e.Hint is null ? "" : $" ({e.Hint})")}");
            return ClientExit.Of(e.Status);
        }
    }

    private static async Task<DoctorReport> AskAsync(CapydOptions options, CancellationToken cancellation)
    {
        try
        {
            using var api = new ApiClient(ApiAddress.OfSocket(new DataDirectory(options).Socket, null));
            var answer = await api.GetAsync("v1/doctor", cancellation);
            var report = answer.Deserialize(DoctorJson.Default.DoctorReport) ?? throw new ApiUnreachableException("the daemon's answer is empty");
            return DoctorReport.Of(report.ExaminedBy, report.At, [Finding.Pass("daemon", "runs"), .. report.Findings]);
        }
        catch (ApiUnreachableException e)
        {
            var report = await LocalExamination.RunAsync(options, cancellation);
            var daemon = Finding.Fail("daemon", e.Message, "systemctl start capyd; journalctl -u capyd -n 50 says why it ended");
            return DoctorReport.Of(report.ExaminedBy, report.At, [daemon, .. report.Findings]);
        }
    }
}
