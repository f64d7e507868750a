using Capyd.Postgres.Cluster;
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

    [Fact]
    public async Task Copies_are_found_by_the_server_that_they_are_about_and_those_that_name_none_by_any()
    {
        var directory = Directory.CreateTempSubdirectory("capyd-copies-");
        var objects = new DirectoryObjectStore(directory.FullName);
        var store = new MetadataSnapshotStore(objects);
        var (mine, other) = (new SystemIdentifier(7), new SystemIdentifier(8));
        var file = Path.Combine(directory.FullName, "file");
        await File.WriteAllTextAsync(file, "metadata");
        await objects.WriteNewAsync(ObjectName.Parse("metadata/20261121T070000Z.db.zst"), new byte[1], CancellationToken.None);
        await objects.WriteNewAsync(ObjectName.Parse("metadata/none/20261121T070000Z.db.zst"), new byte[1], CancellationToken.None);
        await store.WriteAsync(file, mine, Now, CancellationToken.None);
        await store.WriteAsync(file, other, Now.AddHours(1), CancellationToken.None);

        var found = await store.ListAsync(mine, CancellationToken.None);
        var all = await store.ListAsync(CancellationToken.None);
        var chosen = await new MetadataRecovery(store, TimeProvider.System).ChooseAsync(mine, DateTimeOffset.MaxValue, CancellationToken.None);

        directory.Delete(recursive: true);
        Assert.Equal([null, mine], found.Select(copy => copy.System));
        Assert.Equal([null, mine, other], all.Select(copy => copy.System));
        Assert.Equal((mine, Now), (chosen!.System, chosen.At));
    }

    private static MetadataSnapshot At(DateTimeOffset at) => new(ObjectName.Parse("metadata/x"), null, at, 1);
}
