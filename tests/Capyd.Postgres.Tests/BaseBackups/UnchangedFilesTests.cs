using System.Globalization;
using Capyd.Postgres.BaseBackups;

namespace Capyd.Postgres.Tests.BaseBackups;

/// <summary>Which files are taken over unread (trap 26). What was written before second 999 was settled when the earlier backup looked at a file of 8192 bytes.</summary>
public sealed class UnchangedFilesTests
{
    [Theory]
    [InlineData("base/5/1", 8192, 900, 900, 900, true)]
    [InlineData("base/5/1", 8192, 998, 998, 998, true)]
    [InlineData("base/5/1", 8192, 999, 999, 999, false)]
    [InlineData("base/5/1", 8192, 1000, 1000, 1000, false)]
    [InlineData("base/5/1", 8192, 900, 901, 901, false)]
    [InlineData("base/5/1", 8192, 900, 899, 899, false)]
    [InlineData("base/5/1", 16384, 900, 900, 900, false)]
    [InlineData("base/5/2", 8192, 900, 900, 900, false)]
    [InlineData("base/5", 0, 900, 900, 900, false)]
    [InlineData("base/5/1", 8192, 900, 900, 998, true)]
    [InlineData("base/5/1", 8192, 900, 900, 999, false)]
    [InlineData("base/5/1", 8192, 900, 900, 5000, false)]
    public void Same_size_and_time_and_neither_too_young_nor_put_there_later(string path, long size, long before, long modified, long changed, bool unchanged)
    {
        var earlier = new Before([
            new BaseBackupMember(BaseBackupMemberKind.File, "base/5/1", UnixFileMode.UserRead, 8192, before),
            new BaseBackupMember(BaseBackupMemberKind.Directory, "base/5", UnixFileMode.UserRead, 0, before),
        ]);
        Assert.Equal(unchanged, new UnchangedFiles(earlier).Find(new BackupFile(path, size, modified, changed)) is not null);
    }

    [Theory]
    [InlineData("base/5/16384", 0L)]
    [InlineData("base/5/16384_fsm.3", 3L)]
    [InlineData("global/1262.12", 12L)]
    [InlineData("pg_tblspc/16400/PG_15_202209061/5/16384_vm", 0L)]
    [InlineData("global/pg_control", null)]
    [InlineData("base/5/PG_VERSION", null)]
    [InlineData("pg_xact/0000", null)]
    public void Pages_with_checksums_are_known_by_their_path(string path, long? segment) => Assert.Equal(segment, RelationFiles.SegmentOf(path));

    [Theory]
    [InlineData("16384", true, false)]
    [InlineData("16385", true, true)]
    [InlineData("16385.1", true, true)]
    [InlineData("16385_fsm", true, true)]
    [InlineData("16385_init", true, false)]
    [InlineData("163851", true, false)]
    [InlineData("16385", false, false)]
    [InlineData("t3_16390", true, true)]
    [InlineData("t3_16390_fsm.1", true, true)]
    [InlineData("t3_16390", false, false)]
    [InlineData("pg_internal.init.123", true, true)]
    [InlineData("pgsql_tmp12.0", false, true)]
    [InlineData("postmaster.pid", false, true)]
    [InlineData("backup_label.old", false, true)]
    [InlineData(".s.PGSQL.5432", false, true)]
    [InlineData(".s.PGSQL.5432.lock", false, false)]
    [InlineData("postgresql.auto.conf", false, false)]
    public void Left_out_is_what_BASE_BACKUP_leaves_out(string name, bool inDatabase, bool leftOut) =>
        Assert.Equal(leftOut, BackupExclusions.IsLeftOut(name, inDatabase, new HashSet<string> { name, "16385_init" }));

    [Fact]
    public async Task The_pace_is_that_of_all_readers_together()
    {
        var clock = new Standing();
        var free = new ReadingPace(null, clock);
        await free.TakeAsync(int.MaxValue, CancellationToken.None);
        Assert.Equal(int.MaxValue, free.Bytes);
        var pace = new ReadingPace(1024, clock);
        await pace.TakeAsync(4096, CancellationToken.None);
        var first = pace.TakeAsync(1 << 20, CancellationToken.None);
        var second = pace.TakeAsync(1 << 20, CancellationToken.None);
        Assert.False(first.IsCompleted);
        Assert.Equal(["1.003", "2.003"], clock.Waits);
    }

    private sealed class Before(List<BaseBackupMember> members) : IEarlierBaseBackup
    {
        public BaseBackupStart Start => throw new NotSupportedException();

        public DateTimeOffset SettledBefore => DateTimeOffset.FromUnixTimeSeconds(999);

        public DateTimeOffset StopAt => throw new NotSupportedException();

        public BaseBackupMember? Find(string path) => members.Find(member => member.Path == path);

        public Task<Stream> OpenAsync(BaseBackupMember file, CancellationToken cancellationToken) => throw new NotSupportedException();

        public bool TryTakeOver(BaseBackupMember file) => throw new NotSupportedException();
    }

    /// <summary>A clock at which nothing ever ends; it notes for how long one wanted to wait.</summary>
    private sealed class Standing : TimeProvider
    {
        public List<string> Waits { get; } = [];

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
            return new Never();
        }
    }

    private sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            // It never fires.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
