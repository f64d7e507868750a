using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Imports;

/// <summary>
/// Runs programs that read foreign input where they can harm nothing: in namespaces of their own, as an unprivileged OS user,
/// with the system's programs read-only and nothing of capyd or of the production server in sight.
/// </summary>
/// <param name="osUserWhenRoot">The OS user of confined programs when capyd is root; otherwise it is capyd's own.</param>
/// <param name="program">Where bwrap is; null to look for it.</param>
public sealed class Confinement(string? osUserWhenRoot = "postgres", string? program = null)
{
    private const string Hint = "Install it: apt install bubblewrap";

    /// <summary>No confined program may use more address space than this: 4 GiB.</summary>
    private const string AddressSpace = "--as=4294967296";

    private static readonly string[] Etc =
    [
        "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives",
        "/etc/localtime", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted",
    ];

    private static readonly string[] Merged = ["/lib", "/lib64", "/lib32", "/bin", "/sbin"];

    private readonly string? _program = program ?? Find();

    /// <summary>The OS user of confined programs; null when it is capyd's own.</summary>
    public string? OsUser { get; } = Environment.IsPrivilegedProcess ? osUserWhenRoot : null;

    /// <summary>The same command, confined. Its environment stays as it is.</summary>
    /// <exception cref="ToolMissingException">bwrap is not installed.</exception>
    public ToolCommand Wrap(ToolCommand command, ConfinedPlace place) =>
        new(Program(), [.. Walls(), .. Windows(command.Program, place), "--chdir", "/", "/usr/bin/prlimit", AddressSpace, "--core=0", command.Program, .. command.Arguments])
        {
            Environment = command.Environment,
            RunAs = OsUser,
            Secrets = command.Secrets,
            DiesWithParent = true,
        };

    /// <summary>Tries it. Kernels and service managers can forbid what confinement needs.</summary>
    public async Task<ConfinementState> CheckAsync(ToolRunner runner, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await runner.RunAsync(Wrap(new ToolCommand("/usr/bin/true", []), new ConfinedPlace()), ToolStreams.None, cancellationToken);
            return new ConfinementState(outcome.ExitCode == 0 ? null : Forbidden(outcome.StderrTail));
        }
        catch (ToolMissingException e)
        {
            return new ConfinementState(e.Message);
        }
    }

    private static string Forbidden(string words) =>
        $"bwrap cannot confine programs here: {words.Trim()} It needs unprivileged user namespaces: allow them in the kernel "
        + "(sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces, AppArmor) and in capyd's service unit (RestrictNamespaces).";

    private string Program() =>
        _program ?? throw new ToolMissingException($"bwrap is not installed; imports run confined by it, never without. {Hint}");

    /// <summary>The host's name and its tree of control groups are no secret: what need not be allowed in a service unit is not asked for.</summary>
    private static IEnumerable<string> Walls() =>
    [
        "--unshare-user", "--unshare-ipc", "--unshare-pid", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        "--proc", "/proc", .. System(),
    ];

    /// <summary>The system's own programs, read-only, and nothing else of the machine.</summary>
    internal static IEnumerable<string> System() =>
    [
        "--dev", "/dev", "--tmpfs", "/tmp", "--ro-bind", "/usr", "/usr",
        .. Merged.SelectMany(Alias), .. Etc.SelectMany(static path => new[] { "--ro-bind-try", path, path }),
    ];

    /// <summary>/lib and its like are links into /usr on most systems, and directories of their own on the others.</summary>
    private static string[] Alias(string path) => new DirectoryInfo(path) switch
    {
        { LinkTarget: { } target } => ["--symlink", target, path],
        { Exists: true } => ["--ro-bind", path, path],
        _ => [],
    };

    private static IEnumerable<string> Windows(string program, ConfinedPlace place)
    {
        var home = Path.GetDirectoryName(Path.GetDirectoryName(program));
        var outside = home is null || home.StartsWith("/usr", StringComparison.Ordinal) ? [] : new[] { home };
        foreach (var path in outside.Concat(place.ReadOnly))
        {
            yield return "--ro-bind";
            yield return path;
            yield return path;
        }

        if (place.Writable is { } writable)
        {
            yield return "--bind";
            yield return writable;
            yield return writable;
        }

        if (!place.Network)
        {
            yield return "--unshare-net";
        }
    }

    internal static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/bin", "/usr/local/bin"])
            .Select(static directory => Path.Combine(directory, "bwrap"))
            .FirstOrDefault(File.Exists);
}
