using System.Globalization;

namespace Capyd.Postgres.Dumps;

/// <summary>Finds where a restored database is not what was dumped. What a restore skips by design is no difference.</summary>
public static class InventoryComparison
{
    /// <returns>Empty when the two are the same; else rows first, then sequences, extensions, large objects, definitions.</returns>
    public static IReadOnlyList<InventoryDifference> Compare(Inventory expected, Inventory actual) =>
    [
        .. Pair(expected.Relations, actual.Relations, static r => $"table {r.Schema}.{r.Name}", Relation),
        .. Pair(expected.Sequences, actual.Sequences, static s => $"sequence {s.Schema}.{s.Name}", Sequence),
        .. Pair(expected.Extensions, actual.Extensions, static e => $"extension {e.Name}", Extension),
        .. LargeObjects(expected.LargeObjects, actual.LargeObjects),
        .. expected.SchemaFingerprint == actual.SchemaFingerprint
            ? []
            : Pair(expected.SchemaObjects, actual.SchemaObjects, static o => o.Identity, Definition),
    ];

    private static IEnumerable<InventoryDifference> Pair<T>(
        IReadOnlyList<T> expected, IReadOnlyList<T> actual, Func<T, string> name, Func<T, T, string?> compare)
    {
        var found = actual.ToLookup(name, StringComparer.Ordinal);
        var wanted = expected.ToLookup(name, StringComparer.Ordinal);
        foreach (var key in wanted.Select(static g => g.Key).Union(found.Select(static g => g.Key)).Order(StringComparer.Ordinal))
        {
            var what = (wanted[key].FirstOrDefault(), found[key].FirstOrDefault()) switch
            {
                ({ } e, { } a) => compare(e, a),
                (null, _) => "not expected, but found",
                _ => "missing",
            };
            if (what is not null)
            {
                yield return new InventoryDifference(key, what);
            }
        }
    }

    private static string? Relation(InventoryRelation expected, InventoryRelation actual)
    {
        if (expected.Rows != actual.Rows)
        {
            return string.Create(CultureInfo.InvariantCulture, $"rows: {expected.Rows} expected, {actual.Rows} found");
        }

        if (expected.Hash is null || actual.Hash is null || IsCopy(expected.Hash) != IsCopy(actual.Hash))
        {
            return null;
        }

        return expected.Hash == actual.Hash ? null : $"contents differ: hash {expected.Hash} expected, {actual.Hash} found";
    }

    private static bool IsCopy(string hash) => hash.StartsWith(RowReader.CopyPrefix, StringComparison.Ordinal);

    private static string? Sequence(InventorySequence expected, InventorySequence actual) =>
        expected.Admits(actual.Low)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"last value: between {Text(expected.Low)} and {Text(expected.High)} expected, {Text(actual.Low)} found");

    private static string Text(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "none";

    private static string? Extension(InventoryExtension expected, InventoryExtension actual) =>
        expected.Schema == actual.Schema ? null : $"schema: {expected.Schema} expected, {actual.Schema} found";

    private static IEnumerable<InventoryDifference> LargeObjects(InventoryLargeObjects expected, InventoryLargeObjects actual)
    {
        if (expected.Count != actual.Count)
        {
            yield return new InventoryDifference(
                "large objects", string.Create(CultureInfo.InvariantCulture, $"count: {expected.Count} expected, {actual.Count} found"));
        }
        else if (expected.Hash != actual.Hash)
        {
            yield return new InventoryDifference("large objects", "contents differ");
        }
    }

    private static string? Definition(InventoryObject expected, InventoryObject actual) =>
        expected.Fingerprint == actual.Fingerprint ? null : "definition differs";
}
