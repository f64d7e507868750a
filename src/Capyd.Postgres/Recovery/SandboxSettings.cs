namespace Capyd.Postgres.Recovery;

/// <summary>Where a sandbox lives and what it may take.</summary>
/// <param name="Directory">Holds data/ (which a base backup was written to), run/ (the socket) and conf/. The tools' user must be able to
/// pass the directories above it. One directory holds all sandboxes and nothing else: see <see cref="SandboxLeftovers"/>.</param>
/// <param name="AdminRole">The superuser in the recovered data that may log in.</param>
/// <param name="ToolUser">The OS user of the server when capyd is root.</param>
public sealed record SandboxSettings(string Directory, string AdminRole, string? ToolUser)
{
    public int Port { get; init; } = 5432;

    public int SharedBuffersMegabytes { get; init; } = 64;

    /// <summary>The sandbox is stopped when the file system has fewer bytes left.</summary>
    public long DiskFloorBytes { get; init; } = 512L << 20;

    /// <summary>The files of other databases are not there; what the log says of them is passed over.</summary>
    public bool IgnoreInvalidPages { get; init; } = true;

    /// <summary>Hides the rest of the machine; null runs the server without. Then a tablespace that is made while WAL is
    /// replayed would be the live one.</summary>
    public SandboxWalls? Walls { get; init; }

    /// <summary>Of the server, and so of its restore_command.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
