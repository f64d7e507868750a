using Capyd.Postgres.Cluster;
using Capyd.Storage.Repository;

namespace Capyd.Repository;

/// <summary>A copy of capyd's metadata as of a moment; <paramref name="Bytes"/> as it lies in the repository.</summary>
/// <param name="System">The server that they are about; null in copies of a capyd that did not name it.</param>
internal sealed record MetadataSnapshot(ObjectName Name, SystemIdentifier? System, DateTimeOffset At, long Bytes)
{
    /// <summary>One that does not name its server may be about any.</summary>
    public bool IsAbout(SystemIdentifier system) => System is null || System == system;

    /// <summary>Which copies are kept: the newest ones, and the newest of each of the last days.</summary>
    /// <returns>What is not kept.</returns>
    public static IReadOnlyList<MetadataSnapshot> Surplus(IReadOnlyList<MetadataSnapshot> all, DateTimeOffset now, int newest, int days)
    {
        var byAge = all.OrderByDescending(snapshot => snapshot.At).ToList();
        var daily = byAge.Where(snapshot => snapshot.At > now.AddDays(-days)).DistinctBy(snapshot => snapshot.At.UtcDateTime.Date);
        return [.. byAge.Skip(newest).Except(daily)];
    }
}
