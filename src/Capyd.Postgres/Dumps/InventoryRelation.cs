namespace Capyd.Postgres.Dumps;

/// <summary>A table that holds rows of its own.</summary>
/// <remarks>Hash: independent of row order and column order, hex; null when there are no columns. The prefix "copy:" marks
/// one that was taken from the output of COPY; it cannot be compared with one that has no prefix.</remarks>
public sealed record InventoryRelation
{
    public required string Schema { get; init; }

    public required string Name { get; init; }

    public string Kind { get; init; } = "table";

    /// <summary>permanent or unlogged.</summary>
    public required string Persistence { get; init; }

    public required long Rows { get; init; }

    public string? Hash { get; init; }
}
