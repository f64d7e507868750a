namespace Capyd.Postgres.Imports;

/// <summary>The JSON row of remote_facts.sql. Whoever answers may have written anything into it.</summary>
internal sealed record RemoteAnswer(
    int VersionNumber,
    string? Version,
    long SizeBytes,
    string? Encoding,
    IReadOnlyList<RemoteExtension>? Extensions,
    IReadOnlyList<string>? Schemas,
    IReadOnlyList<string>? EventTriggers,
    IReadOnlyList<string>? Roles,
    IReadOnlyList<string>? PolicyTables,
    IReadOnlyList<RemoteAnswerKey>? ForeignKeys,
    IReadOnlyList<RemoteAnswerTable>? Unreadable,
    string? WalLevel,
    int MaxWalSenders,
    int MaxReplicationSlots,
    int UsedReplicationSlots,
    bool RoleCanReplicate);
