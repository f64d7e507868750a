using Capyd.Postgres.Cluster;
using Capyd.Postgres.Recovery;

namespace Capyd.Recovery;

/// <summary>A database in a private server of its own, as it was at a moment.</summary>
internal sealed class RecoveredDatabase(RecoverySandbox sandbox, PostgresCluster cluster, DatabaseName database, IDisposable turn) : IAsyncDisposable
{
    /// <summary>The private server.</summary>
    public PostgresCluster Cluster { get; } = cluster;

    public DatabaseName Database { get; } = database;

    /// <summary>Of the last transaction that was replayed; null when there was none.</summary>
    public DateTimeOffset? LastCommitAt { get; set; }

    /// <summary>What has this transaction id or a greater one happened in the private server only.</summary>
    public long NextTransaction { get; set; }

    /// <summary>The server was ended because the disk was filling up; what was done with it has failed for that.</summary>
    public bool StoppedForDiskSpace => sandbox.StoppedForDiskSpace;

    /// <summary>Ends the server and removes its files, and keeps the turn.</summary>
    public async Task DisposeServerAsync()
    {
        await Cluster.DisposeAsync();
        await sandbox.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await DisposeServerAsync();
        turn.Dispose();
    }
}
