namespace Capyd.Postgres.Cluster;

/// <summary>What a server says of itself.</summary>
/// <param name="VersionNum">For example 150018.</param>
/// <param name="SystemIdentifier">Chosen by initdb; another one means another cluster.</param>
public sealed record ServerFacts(
    int VersionNum,
    string Version,
    int Major,
    string SystemIdentifier,
    DateTimeOffset StartedAt,
    bool InRecovery,
    int MaxConnections,
    bool Tls);
