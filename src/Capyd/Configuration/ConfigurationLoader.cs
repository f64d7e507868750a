using System.Collections;

namespace Capyd.Configuration;

/// <summary>What the command line says about the configuration.</summary>
internal sealed record ConfigurationFlags(string? File = null, bool? Embedded = null, string? DataDir = null, string? Listen = null);

/// <summary>The options, and everything that is wrong with them.</summary>
internal sealed record LoadedConfiguration(CapydOptions Options, string? File, IReadOnlyList<string> Problems);

/// <summary>Puts the options together: defaults, then the file, then the environment, then flags.</summary>
internal static class ConfigurationLoader
{
    public const string DefaultFile = "/etc/capyd/capyd.yaml";

    /// <summary>Reads everything and collects every problem, named by the key as the operator typed it.</summary>
    public static LoadedConfiguration Load(ConfigurationFlags flags, IDictionary environment)
    {
        var problems = new List<string>();
        var file = flags.File ?? (File.Exists(DefaultFile) && flags.DataDir is null ? DefaultFile : null);
        var options = new CapydOptions { Embedded = file is null, DataDir = DefaultDataDirectory(file, environment) };
        if (file is not null)
        {
            ApplyFile(options, YamlFile.Read(file, problems), problems);
        }

        ApplyEnvironment(options, environment, problems);
        ApplyFlags(options, flags, problems);
        problems.AddRange(options.Clerk.Problem is { } problem ? [problem] : []);
        problems.AddRange(options.S3.Problems(options.Backups.Directory));
        problems.AddRange(options.Encryption.Problem is { } unclear ? [unclear] : []);
        return new LoadedConfiguration(options, file, problems);
    }

    private static string DefaultDataDirectory(string? file, IDictionary environment)
    {
        if (file is not null || Environment.IsPrivilegedProcess)
        {
            return "/var/lib/capyd";
        }

        var home = environment["XDG_DATA_HOME"] as string ?? Path.Combine(environment["HOME"] as string ?? "/tmp", ".local/share");
        return Path.Combine(home, "capyd");
    }

    private static void ApplyFile(CapydOptions options, IReadOnlyDictionary<string, string> values, List<string> problems)
    {
        foreach (var (name, value) in values)
        {
            var key = ConfigurationKeys.All.FirstOrDefault(key => key.Name == name);
            if (key is null)
            {
                problems.Add($"{name}: there is no such option{Suggestion(name)}");
            }
            else
            {
                Apply(key, name, value, options, problems);
            }
        }
    }

    private static void ApplyEnvironment(CapydOptions options, IDictionary environment, List<string> problems)
    {
        foreach (var key in ConfigurationKeys.All)
        {
            if (environment[key.EnvironmentName] is string value)
            {
                Apply(key, key.EnvironmentName, value, options, problems);
            }
        }
    }

    private static void ApplyFlags(CapydOptions options, ConfigurationFlags flags, List<string> problems)
    {
        options.Embedded = flags.Embedded ?? options.Embedded;
        if (flags.DataDir is not null)
        {
            options.DataDir = Path.GetFullPath(flags.DataDir);
        }

        if (flags.Listen is not null)
        {
            Apply(ConfigurationKeys.All.Single(key => key.Name == "listen"), "--listen", flags.Listen, options, problems);
        }
    }

    private static void Apply(ConfigurationKey key, string typed, string value, CapydOptions options, List<string> problems)
    {
        if (key.Apply(options, value) is { } wanted)
        {
            problems.Add($"{typed}: '{value}' will not do: it {wanted}");
        }
        else
        {
            options.Given[key.Name] = value;
        }
    }

    private static string Suggestion(string name)
    {
        var (near, distance) = ConfigurationKeys.All
            .Select(key => (key.Name, Distance: EditDistance(key.Name, name)))
            .MinBy(candidate => candidate.Distance);
        return distance <= Math.Max(2, name.Length / 3) ? $"; did you mean {near}?" : "; capyd.example.yaml lists them all";
    }

    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
