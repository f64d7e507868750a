using Capyd.Postgres.Clones;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Capyd.Postgres.Extensions;

namespace Capyd.Cluster;

/// <summary>What can be done to the server that capyd looks after.</summary>
internal sealed record PostgresCapabilities(
    PostgresCluster Cluster, RoleAdmin Roles, DatabaseAdmin Databases, SnapshotDump Dumps, ArchiveRestore Archives, InventoryReader Inventories,
    ExtensionAdmin Extensions, PortableDump Portable, WalMarks Marks, DatabaseClone Clones);
