using System.Globalization;
using Capyd.Postgres.Imports;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Recovery;

/// <summary>
/// What a sandbox's server sees of the machine: the system's programs, its own directory, and nothing else. Replay of
/// CREATE TABLESPACE links the place where the live server keeps that tablespace; behind walls an empty directory is there.
/// </summary>
public sealed class SandboxWalls
{
    private readonly string _program;
    private readonly IReadOnlyList<string> _readOnly;
    private readonly IReadOnlyList<string> _places;

    private SandboxWalls(string program, IReadOnlyList<string> readOnly, IReadOnlyList<string> places)
    {
        _program = program;
        _readOnly = readOnly;
        _places = places;
    }

    /// <summary>Tries whether this machine lets walls be built.</summary>
    /// <param name="readOnly">Directories beside the system's own that the server or its restore_command needs.</param>
    /// <param name="places">Where the live server keeps tablespaces.</param>
    /// <returns>Null, and why not, when bwrap is missing or forbidden.</returns>
    public static async Task<(SandboxWalls? Walls, string? Problem)> FindAsync(
        IReadOnlyList<string> readOnly, IReadOnlyList<string> places, (ToolRunner Runner, string? User) tools, CancellationToken cancellationToken)
    {
        if (Confinement.Find() is not { } program)
        {
            return (null, "bwrap is not installed (apt install bubblewrap)");
        }

        var walls = new SandboxWalls(program, readOnly, places);
        var attempt = new ToolCommand(program, [.. Unshared(), .. Confinement.System(), "/usr/bin/true"]) { RunAs = tools.User, DiesWithParent = true };
        var outcome = await tools.Runner.RunAsync(attempt, ToolStreams.None, cancellationToken);
        return outcome.ExitCode == 0 ? (walls, null) : (null, $"bwrap cannot confine programs here: {outcome.StderrTail.Trim()}");
    }

    /// <summary>What comes before the server's own command line.</summary>
    internal IEnumerable<string> Before(SandboxLayout layout, string serverProgram) =>
    [
        _program, .. Unshared(), "--proc", "/proc", .. Confinement.System(),
        .. Home(serverProgram).Concat(_readOnly).Distinct().Where(static path => !IsSystem(path)).SelectMany(static path => new[] { "--ro-bind", path, path }),
        .. _places.Select((place, number) => (Place: place, Own: Stand(layout, number))).SelectMany(static p => new[] { "--bind", p.Own, p.Place }),
        .. new[] { layout.Root, layout.Run }.Distinct().SelectMany(static path => new[] { "--bind", path, path }),
        "--chdir", layout.Data, "--",
    ];

    /// <summary>The directories that stand for the live server's tablespaces; the server's user must own them.</summary>
    internal IEnumerable<string> Stands(SandboxLayout layout) => _places.Select((_, number) => Stand(layout, number));

    private static IEnumerable<string> Unshared() =>
        ["--unshare-user", "--unshare-ipc", "--unshare-net", "--die-with-parent", "--new-session", "--cap-drop", "ALL"];

    private static string Stand(SandboxLayout layout, int number) =>
        Path.Combine(layout.Root, "elsewhere", number.ToString(CultureInfo.InvariantCulture));

    private static IEnumerable<string> Home(string program) =>
        Path.GetDirectoryName(Path.GetDirectoryName(program)) is { } home ? [home] : [];

    private static bool IsSystem(string path) => path == "/usr" || path.StartsWith("/usr/", StringComparison.Ordinal);
}
