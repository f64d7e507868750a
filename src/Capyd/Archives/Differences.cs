using Capyd.Postgres.Dumps;

namespace Capyd.Archives;

internal static class Differences
{
    private const int MostNamed = 10;

    /// <summary>One line that names the first differing objects.</summary>
    public static string Describe(IReadOnlyList<InventoryDifference> differences)
    {
        var named = string.Join("; ", differences.Take(MostNamed));
        return differences.Count <= MostNamed ? named : $"{named}; and {differences.Count - MostNamed} more";
    }
}
