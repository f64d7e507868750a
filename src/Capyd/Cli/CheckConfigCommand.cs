using System.CommandLine;
using Capyd.OffHost;

namespace Capyd.Cli;

internal static class CheckConfigCommand
{
    public static Command Build()
    {
        var arguments = new ConfigurationArguments();
        var command = new Command("check-config", "Read the configuration and say everything that is wrong with it.");
        arguments.AddTo(command, serving: true);
        command.SetAction(parsed =>
        {
            if (arguments.Load(parsed, serving: true) is not { } options)
            {
                return ExitCode.Usage;
            }

            var unfit = SecretFiles.Problems(options).ToList();
            unfit.ForEach(one => Console.Error.WriteLine($"capyd: configuration: {one.Key}: {one.Problem} ({one.Mend})"));
            if (unfit.Count > 0)
            {
                return ExitCode.Usage;
            }

            Console.Out.WriteLine($"the configuration is good: {(options.Embedded ? "embedded" : "attached")}, data in {options.DataDir}, listening on {options.Listen}");
            return ExitCode.Good;
        });
        return command;
    }
}
