using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Dumps;

/// <summary>What pg_database says of the database that is read.</summary>
internal sealed record DatabaseFacts(int ServerVersion, DateTimeOffset TakenAt, DatabaseLocale Locale, InventoryProperties Properties);
