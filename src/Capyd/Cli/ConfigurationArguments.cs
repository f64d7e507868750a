using System.CommandLine;

namespace Capyd.Cli;

/// <summary>The options that say where the configuration and the data are; the same for each command.</summary>
internal sealed class ConfigurationArguments
{
    private readonly Option<string?> _file = new("--config") { Description = $"Configuration file; default {ConfigurationLoader.DefaultFile} where it exists.", HelpName = "FILE" };
    private readonly Option<string?> _dataDir = new("--data-dir") { Description = "Directory of capyd's own state.", HelpName = "DIR" };
    private readonly Option<bool> _embedded = new("--embedded") { Description = "Create and run capyd's own PostgreSQL below the data directory." };
    private readonly Option<string?> _listen = new("--listen") { Description = "Where the API listens, such as http://127.0.0.1:2279.", HelpName = "URL" };

    public void AddTo(Command command, bool serving)
    {
        command.Options.Add(_file);
        command.Options.Add(_dataDir);
        if (serving)
        {
            command.Options.Add(_embedded);
            command.Options.Add(_listen);
        }
    }

    /// <summary>The configuration, or null after its problems have been written to standard error.</summary>
    public CapydOptions? Load(ParseResult parsed, bool serving)
    {
        var loaded = Read(parsed, serving);
        foreach (var problem in loaded.Problems)
        {
            Console.Error.WriteLine($"capyd: configuration: {problem}");
        }

        return loaded.Problems.Count == 0 ? loaded.Options : null;
    }

    /// <summary>For a command that works on the data directory itself: root becomes its owner, after it has read the configuration.</summary>
    public CapydOptions? LoadAsOwner(ParseResult parsed)
    {
        var options = Load(parsed, serving: false);
        if (options is not null)
        {
            DataOwner.Become(options.DataDir);
        }

        return options;
    }

    /// <summary>The configuration with its problems, told to nobody.</summary>
    public LoadedConfiguration Read(ParseResult parsed, bool serving)
    {
        var flags = new ConfigurationFlags(
            parsed.GetValue(_file), serving && parsed.GetValue(_embedded) ? true : null, parsed.GetValue(_dataDir), serving ? parsed.GetValue(_listen) : null);
        return ConfigurationLoader.Load(flags, Environment.GetEnvironmentVariables());
    }
}
