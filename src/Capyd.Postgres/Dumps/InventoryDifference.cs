namespace Capyd.Postgres.Dumps;

/// <summary>One thing that is not as it was dumped.</summary>
/// <param name="Subject">For example "table public.t".</param>
/// <param name="What">For example "rows: 100 expected, 99 found".</param>
public sealed record InventoryDifference(string Subject, string What)
{
    public override string ToString() => $"{Subject}: {What}";
}
