namespace Capyd.Postgres.Cluster;

/// <summary>A database and its comment, which is how capyd marks its own.</summary>
public sealed record MarkedDatabase(DatabaseName Name, string? Marker);
