using Capyd.Repository;
using Capyd.Storage.Repository;

namespace Capyd.Tests.Repository;

public sealed class MetadataSnapshotTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 30, 0, TimeSpan.Zero);

    [Fact]
    public void The_newest_copies_and_the_last_of_each_day_are_kept()
    {
        var hourly = Enumerable.Range(0, 24 * 10).Select(hours => At(Now.AddHours(-hours))).ToList();

        var kept = hourly.Except(MetadataSnapshot.Surplus(hourly, Now, newest: 24, days: 7)).ToList();

        Assert.Equal(hourly.Take(24), kept.Take(24));
        Assert.Equal([19, 18, 17, 16, 15, 14], kept.Skip(24).Select(snapshot => snapshot.At.Day));
        Assert.All(kept.Skip(24), snapshot => Assert.Equal(23, snapshot.At.Hour));
    }

    [Fact]
    public void Few_copies_are_all_kept_however_old_they_are()
    {
        var old = Enumerable.Range(0, 5).Select(days => At(Now.AddDays(-100 - days))).ToList();
        Assert.Empty(MetadataSnapshot.Surplus(old, Now, newest: 24, days: 7));
    }

    private static MetadataSnapshot At(DateTimeOffset at) => new(ObjectName.Parse("metadata/x"), at, 1);
}
