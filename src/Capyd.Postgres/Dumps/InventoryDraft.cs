namespace Capyd.Postgres.Dumps;

/// <summary>What was read in a snapshot; becomes an inventory once the sequences were read a second time.</summary>
internal sealed record InventoryDraft
{
    public required DatabaseFacts Facts { get; init; }

    public required InventorySnapshot Snapshot { get; init; }

    public required IReadOnlyList<InventorySequence> Sequences { get; init; }

    public required IReadOnlyList<InventoryExtension> Extensions { get; init; }

    public required IReadOnlyList<string> Schemas { get; init; }

    public required IReadOnlyList<InventorySkipped> Skipped { get; init; }

    public required InventoryLargeObjects LargeObjects { get; init; }

    public required IReadOnlyList<InventoryObject> Definitions { get; init; }

    public required IReadOnlyList<InventoryRelation> Relations { get; init; }

    public Inventory Complete(string database, IReadOnlyList<InventorySequence> later) => new()
    {
        Database = database,
        ServerVersion = Facts.ServerVersion,
        TakenAt = Facts.TakenAt,
        Snapshot = Snapshot,
        Locale = Facts.Locale,
        Relations = Relations,
        Sequences = Span(later),
        Extensions = Extensions,
        LargeObjects = LargeObjects,
        Schemas = Schemas,
        SchemaObjects = Definitions,
        SchemaFingerprint = CatalogReader.Fingerprint(Definitions),
        Properties = Facts.Properties,
        Skipped = Skipped,
    };

    private InventorySequence[] Span(IReadOnlyList<InventorySequence> later)
    {
        var high = later.ToDictionary(static s => (s.Schema, s.Name), static s => s.High);
        return [.. Sequences.Select(s => high.TryGetValue((s.Schema, s.Name), out var value) ? s with { High = value } : s)];
    }
}
