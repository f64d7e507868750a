using Capyd.Postgres.Instances;

namespace Capyd.Postgres.Recovery;

/// <summary>Where a whole cluster is recovered.</summary>
/// <param name="DataDirectory">Holds the base backup that was written out, and will be the new cluster.</param>
/// <param name="WorkDirectory">For configuration, socket and log of the recovery; outside the data directory, removed by the caller.</param>
/// <param name="ToolUser">The OS user of the server when capyd is root.</param>
public sealed record ClusterRecoverySettings(string DataDirectory, string WorkDirectory, string? ToolUser)
{
    public int SharedBuffersMegabytes { get; init; } = 256;

    /// <summary>Of the server, and so of its restore_command.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The socket of the recovering server, whose directory nobody else can enter.</summary>
    internal string Run => SocketDirectory.ShortEnough(Path.Combine(WorkDirectory, "run"));

    /// <summary>Through which the restore_command gets WAL: capyd wal fetch --socket PATH.</summary>
    public string WalSocket => Path.Combine(Run, "wal.sock");

    /// <summary>Where segments are made ready for it.</summary>
    internal string Wal => Path.Combine(WorkDirectory, "wal");

    internal string Configuration => Path.Combine(WorkDirectory, "conf");

    internal string MainFile => Path.Combine(Configuration, "postgresql.conf");

    /// <summary>What ALTER SYSTEM had set, put aside while the cluster is recovered.</summary>
    internal string KeptSettings => Path.Combine(Configuration, "kept.auto.conf");
}
