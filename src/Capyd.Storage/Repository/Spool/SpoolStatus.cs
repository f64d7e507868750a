namespace Capyd.Storage.Repository.Spool;

/// <summary>What is not off the host yet, and whether the remote store can be used.</summary>
/// <param name="Objects">Objects that are only here.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="OldestAt">When the oldest of them was written; null when there is none.</param>
/// <param name="Removals">Objects that are still to be removed from the remote store.</param>
/// <param name="Aside">Objects that were not stored because the remote store has other bytes under their names.</param>
/// <param name="UnreachableSince">Null while the remote store answers.</param>
/// <param name="Problem">Why it cannot be used.</param>
public sealed record SpoolStatus(
    int Objects, long Bytes, DateTimeOffset? OldestAt, int Removals, int Aside, DateTimeOffset? UnreachableSince, string? Problem)
{
    /// <summary>How many of the waiting objects are WAL.</summary>
    public int WalObjects { get; init; }
}
