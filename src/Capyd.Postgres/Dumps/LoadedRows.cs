namespace Capyd.Postgres.Dumps;

/// <summary>Tables that were counted and hashed while the rest of their database was still being made.</summary>
public sealed class LoadedRows
{
    private readonly Dictionary<(string Schema, string Name), InventoryRelation> _tables = [];

    public static LoadedRows None { get; } = new();

    /// <summary>How many tables.</summary>
    public int Count => _tables.Count;

    internal void Add(InventoryRelation table) => _tables[(table.Schema, table.Name)] = table;

    /// <summary>The early reading, if the server has counted no change of the table since its rows were loaded.</summary>
    internal InventoryRelation? Find(RelationPlan plan, IReadOnlyDictionary<(string Schema, string Name), WrittenRows> written) =>
        _tables.TryGetValue((plan.Schema, plan.Name), out var table)
        && written.TryGetValue((plan.Schema, plan.Name), out var rows) && rows == new WrittenRows(table.Rows, 0, 0)
            ? table
            : null;
}
