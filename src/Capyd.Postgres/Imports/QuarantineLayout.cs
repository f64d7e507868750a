using System.Text;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Imports;

/// <summary>The directories of one quarantine.</summary>
internal sealed class QuarantineLayout
{
    /// <summary>sun_path holds 107 characters; the socket's own name takes 16 with its slash.</summary>
    private const int LongestSocketDirectory = 107 - 16;

    /// <exception cref="PostgresFailedException">The root's path is too long for a socket.</exception>
    public QuarantineLayout(string root)
    {
        Root = Path.Combine(Path.GetFullPath(root), Guid.NewGuid().ToString("n")[..8]);
        Cluster = Path.Combine(Root, "c");
        if (Encoding.UTF8.GetByteCount(Run) > LongestSocketDirectory)
        {
            throw new PostgresFailedException(
                $"The path {root} is too long for a Unix socket below it; put capyd's data directory somewhere shorter.", null, RetryClass.Permanent);
        }
    }

    public string Root { get; }

    /// <summary>All that confined programs may write to.</summary>
    public string Cluster { get; }

    public string Data => Path.Combine(Cluster, "data");

    public string Run => Path.Combine(Cluster, "s");

    /// <summary>The decompressed file; only the daemon sees it.</summary>
    public string Unpacked => Path.Combine(Root, "unpacked");

    /// <summary>What pg_restore reads as files; it sees them read-only.</summary>
    public string Archive => Path.Combine(Root, "archive");
}
