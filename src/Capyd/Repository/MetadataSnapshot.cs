using Capyd.Storage.Repository;

namespace Capyd.Repository;

/// <summary>A copy of capyd's metadata as of a moment; <paramref name="Bytes"/> as it lies in the repository.</summary>
internal sealed record MetadataSnapshot(ObjectName Name, DateTimeOffset At, long Bytes)
{
    /// <summary>Which copies are kept: the newest ones, and the newest of each of the last days.</summary>
    /// <returns>What is not kept.</returns>
    public static IReadOnlyList<MetadataSnapshot> Surplus(IReadOnlyList<MetadataSnapshot> all, DateTimeOffset now, int newest, int days)
    {
        var byAge = all.OrderByDescending(snapshot => snapshot.At).ToList();
        var daily = byAge.Where(snapshot => snapshot.At > now.AddDays(-days)).DistinctBy(snapshot => snapshot.At.UtcDateTime.Date);
        return [.. byAge.Skip(newest).Except(daily)];
    }
}
