using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Dumps;

/// <summary>
/// What a database holds, small enough to be kept beside its dump: enough to prove that a restored copy is the same.
/// </summary>
public sealed record Inventory
{
    public const int CurrentFormat = 1;

    public int FormatVersion { get; init; } = CurrentFormat;

    public required string Database { get; init; }

    /// <summary>For example 150018.</summary>
    public required int ServerVersion { get; init; }

    /// <summary>When the snapshot was taken, by the server's clock.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>What the snapshot saw; null in inventories that were written before this was kept.</summary>
    public InventorySnapshot? Snapshot { get; init; }

    public required DatabaseLocale Locale { get; init; }

    public required IReadOnlyList<InventoryRelation> Relations { get; init; }

    public required IReadOnlyList<InventorySequence> Sequences { get; init; }

    public required IReadOnlyList<InventoryExtension> Extensions { get; init; }

    public required InventoryLargeObjects LargeObjects { get; init; }

    /// <summary>Without the built-in ones.</summary>
    public required IReadOnlyList<string> Schemas { get; init; }

    public required IReadOnlyList<InventoryObject> SchemaObjects { get; init; }

    /// <summary>SHA-256 in hex over all schema objects; equal means the same definitions.</summary>
    public required string SchemaFingerprint { get; init; }

    /// <summary>What a dump of the contents leaves out.</summary>
    public required InventoryProperties Properties { get; init; }

    /// <summary>Objects that only a superuser can make and that a restore therefore leaves out.</summary>
    public required IReadOnlyList<InventorySkipped> Skipped { get; init; }

    /// <summary>Tables whose rows were hashed from COPY, and so have to be again, to be comparable.</summary>
    internal IReadOnlySet<(string Schema, string Name)> CopiedTables() => Relations
        .Where(static r => r.Hash?.StartsWith(RowReader.CopyPrefix, StringComparison.Ordinal) == true)
        .Select(static r => (r.Schema, r.Name))
        .ToHashSet();
}
