using Capyd.BaseBackups;
using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Cluster;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Ids;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.Tests.BaseBackups;

/// <summary>What a base backup says of how it was read, and when everything is to be read again.</summary>
public sealed class BaseBackupFactsTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 16, 2, 30, 0, TimeSpan.Zero);

    [Fact]
    public void What_took_over_files_remembers_since_when_nothing_was_read_whole()
    {
        var whole = Take(null, Monday, readWhole: true, reuses: false);
        Assert.Equal("whole", whole.Reading);
        Assert.Equal(Monday, whole.ReadWholeAt);
        var changed = Take(whole, Monday.AddDays(1), readWhole: false, reuses: true);
        Assert.Equal("changed", changed.Reading);
        var third = Take(changed, Monday.AddDays(6), readWhole: false, reuses: false);
        Assert.Equal(Monday, third.ReadWholeAt);
        Assert.True(third.ReusesPages, "pieces of an earlier backup came along with its files");
        Assert.False(Take(third, Monday.AddDays(7), readWhole: true, reuses: false).ReusesPages);

        Assert.True(third.WasReadWithin(TimeSpan.FromDays(7), Monday.AddDays(7).AddSeconds(-1)));
        Assert.False(third.WasReadWithin(TimeSpan.FromDays(7), Monday.AddDays(7)));
        Assert.False(third.WasReadWithin(TimeSpan.Zero, Monday));
    }

    [Fact]
    public void Facts_survive_the_manifest_and_those_of_an_older_capyd_count_as_whole_but_for_nothing_else()
    {
        var changed = Take(Take(null, Monday, true, false), Monday.AddDays(1), readWhole: false, reuses: false);
        var read = BaseBackupFacts.Of(Header(changed.ToJson()));
        Assert.Equal(changed with { Databases = read.Databases, Tablespaces = read.Tablespaces }, read);
        Assert.Equal("changed", read.ToRow(Header(changed.ToJson())).Reading);

        var old = BaseBackupFacts.Of(Header((changed with { StartedAt = null, ReadWholeAt = null }).ToJson()));
        Assert.DoesNotContain("read_whole_at", old.ToJson(), StringComparison.Ordinal);
        Assert.Equal("whole", old.Reading);
        Assert.False(old.WasReadWithin(TimeSpan.FromDays(7), Monday));
    }

    private static BaseBackupFacts Take(BaseBackupFacts? earlier, DateTimeOffset at, bool readWhole, bool reuses)
    {
        var row = new BaseBackupRow { Id = Id<BaseBackupKind>.New(), Name = "b", State = "running", Trigger = "manual", CreatedAt = at, UpdatedAt = at };
        var start = new BaseBackupStart(new SystemIdentifier(1), new TimelineId(1), new Lsn(100), 150018, 16 << 20, true, 0) { Tablespaces = [], Databases = [] };
        var result = new BaseBackupResult(start, new TimelineId(1), new Lsn(200), "label", "", 1, 1) { StartedAt = at, StopAt = at, ReadWhole = readWhole };
        return BaseBackupFacts.Of(row, Id<ClusterKind>.New(), result, earlier, reuses, at);
    }

    private static ManifestHeader Header(string metadata) => new()
    {
        Name = "b", CreatedAt = Monday, Entries = 0, LogicalBytes = 0, AddedBytes = 0, Chunks = 0, EntriesLength = 0, Metadata = metadata,
    };
}
