using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Dumps;

/// <summary>Which database an inventory is of, and how hard the server may work for it.</summary>
internal sealed record InventoryScope(DatabaseName Database, string ApplicationName, int ParallelWorkers);
