using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Dumps;

/// <summary>What belongs to a database and is no part of its contents.</summary>
/// <param name="Acl">As PostgreSQL writes it; null for the default.</param>
/// <param name="ConnectionLimit">-1 for no limit.</param>
public sealed record InventoryProperties(string? Acl, IReadOnlyList<DatabaseSetting> Settings, string? Comment, int ConnectionLimit);
