namespace Capyd.Postgres.Dumps;

/// <summary>A sequence. It does not obey snapshots, so its value in a dump lies between two readings.</summary>
/// <param name="Low">The last value given, read before the dump; null when none was given yet.</param>
/// <param name="High">The last value given, read after the dump; null when none was given yet.</param>
public sealed record InventorySequence(string Schema, string Name, long? Low, long? High)
{
    /// <summary>Whether a restored value can be the one that the dump holds.</summary>
    internal bool Admits(long? value) => (Low, High) switch
    {
        (null, null) => value is null,
        (null, _) or (_, null) => true,
        ({ } low, { } high) => value is { } v && v >= Math.Min(low, high) && v <= Math.Max(low, high),
    };
}
