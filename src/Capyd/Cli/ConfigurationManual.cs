using Capyd.Service;

namespace Capyd.Cli;

/// <summary>capyd.yaml(5), from the one list of options.</summary>
internal static class ConfigurationManual
{
    public static string Format() =>
        Roff.Title("CAPYD.YAML", 5) + Roff.Section("NAME") + "capyd.yaml \\- configuration of capyd\n"
        + Roff.Section("DESCRIPTION")
        + Roff.Text("A YAML file; a dot in the names below is a level of nesting. What is left out has its default, and the example file has all of them with their defaults.")
        + Roff.Paragraph("Every option can also be set by the environment, which wins over the file: postgres.port is CAPYD_POSTGRES_PORT. capyd check-config says everything that is wrong.")
        + Roff.Paragraph("Options marked (reload) are taken by systemctl reload capyd; the others by a restart.")
        + Roff.Section("OPTIONS") + string.Concat(ConfigurationKeys.All.Select(Describe))
        + Roff.Section("FILES") + Roff.Tagged(ConfigurationLoader.DefaultFile, "Mode 0640, root:capyd.")
        + Roff.Tagged("/usr/share/doc/capyd/examples/capyd.example.yaml", "Every option with its default.")
        + Roff.Section("SEE ALSO") + ".BR capyd (1)\n";

    private static string Describe(ConfigurationKey key) =>
        Roff.Tagged(key.Name, key.Meaning + (ReloadableOptions.All.ContainsKey(key.Name) ? " (reload)" : ""));
}
