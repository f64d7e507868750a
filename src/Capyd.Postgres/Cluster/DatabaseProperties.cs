namespace Capyd.Postgres.Cluster;

/// <summary>What belongs to a database but is not inside it, and which a dump of its contents therefore leaves out.</summary>
public sealed record DatabaseProperties(DatabaseName Database, int ConnectionLimit, IReadOnlyList<DatabaseSetting> Settings);
