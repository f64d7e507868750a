namespace Capyd.Postgres.Cluster;

/// <summary>A database's size on disk and its sessions at this moment.</summary>
public sealed record DatabaseMeasure(DatabaseName Name, long SizeBytes, int Connections);
