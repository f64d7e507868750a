namespace Capyd.Postgres.Imports;

/// <summary>Whether a foreign server could replicate logically.</summary>
public sealed record RemoteReplication(
    string WalLevel, int MaxWalSenders, int MaxReplicationSlots, int UsedReplicationSlots, bool RoleCanReplicate);
