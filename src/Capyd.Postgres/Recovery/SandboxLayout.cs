using Capyd.Postgres.Instances;

namespace Capyd.Postgres.Recovery;

/// <summary>The directories of a sandbox.</summary>
internal sealed class SandboxLayout(string root)
{
    public string Root { get; } = Path.GetFullPath(root);

    public string Data => Path.Combine(Root, "data");

    /// <summary>Of mode 0700: who can enter it is the sandbox's superuser.</summary>
    public string Run => SocketDirectory.ShortEnough(Path.Combine(Root, "run"));

    public string Configuration => Path.Combine(Root, "conf");
}
