using System.Globalization;
using System.Text.RegularExpressions;

namespace Capyd.Postgres.Tools;

/// <summary>Finds directories that hold PostgreSQL's programs.</summary>
internal static partial class BinarySearch
{
    private static readonly string[] ServerPrograms = ["initdb", "pg_ctl", "postgres"];

    public static IEnumerable<string> Candidates() =>
        Versioned("/usr/lib/postgresql", "*", "bin")
            .Concat(Versioned("/usr", "pgsql-*", "bin"))
            .Append("/usr/local/pgsql/bin")
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries));

    /// <returns>Null when the directory has no pg_dump and pg_restore of its own.</returns>
    public static PostgresInstallation? Inspect(string directory)
    {
        var dump = Path.Combine(directory, "pg_dump");
        if (!File.Exists(dump) || !File.Exists(Path.Combine(directory, "pg_restore")) || IsDebianWrapper(dump))
        {
            return null;
        }

        return MajorOf(directory, dump) is { } major
            ? new PostgresInstallation(major, directory, ServerPrograms.All(p => File.Exists(Path.Combine(directory, p))))
            : null;
    }

    private static IEnumerable<string> Versioned(string root, string pattern, string leaf) =>
        Directory.Exists(root) ? Directory.EnumerateDirectories(root, pattern).Select(d => Path.Combine(d, leaf)) : [];

    /// <summary>Debian's /usr/bin/pg_dump is a script that chooses a version by itself.</summary>
    private static bool IsDebianWrapper(string program) =>
        File.ResolveLinkTarget(program, returnFinalTarget: true)?.Name == "pg_wrapper";

    private static int? MajorOf(string directory, string dump)
    {
        var match = MajorInPath().Match(directory);
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : AskMajor(dump);
    }

    /// <summary>Only reached outside the packaged layouts, once, while the daemon starts.</summary>
    private static int? AskMajor(string dump)
    {
        var command = new ToolCommand(dump, ["--version"]);
        var outcome = new ToolRunner(TimeProvider.System).RunAsync(command, ToolStreams.None, CancellationToken.None).GetAwaiter().GetResult();
        var match = MajorInAnswer().Match(outcome.StdoutTail);
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"(?:/postgresql/|/pgsql-)(\d+)/bin/?$")]
    private static partial Regex MajorInPath();

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex MajorInAnswer();
}
