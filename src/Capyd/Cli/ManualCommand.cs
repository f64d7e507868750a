using System.CommandLine;

namespace Capyd.Cli;

/// <summary><c>capyd manual capyd.1|capyd.yaml.5</c>: the manual pages, made from the commands and options themselves. For packages; not shown in the help.</summary>
internal static class ManualCommand
{
    public static Command Build(RootCommand root)
    {
        var page = new Argument<string>("page") { Description = "capyd.1 or capyd.yaml.5" };
        var command = new Command("manual", "Print a manual page.") { page };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var text = parsed.GetValue(page) switch
            {
                "capyd.1" => CommandManual.Format(root),
                "capyd.yaml.5" => ConfigurationManual.Format(),
                _ => null,
            };
            Console.Out.Write(text ?? "");
            return text is null ? ExitCode.Usage : ExitCode.Good;
        });
        return command;
    }
}
