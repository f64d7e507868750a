using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Tests.BaseBackups;

/// <summary>Which pieces of files a later backup may take over without comparing.</summary>
[Collection(nameof(TemporaryCluster))]
public sealed class UnchangedPagesTests(TemporaryCluster server)
{
    private const int Piece = 256 * 1024;

    [Fact]
    public async Task What_is_called_unchanged_is_the_same_and_nearly_everything_is()
    {
        await server.ExecuteAsync(null, "CREATE DATABASE bb_pages");
        await server.ExecuteAsync("bb_pages", "CREATE TABLE public.still AS SELECT i, md5(i::text) v FROM generate_series(1, 60000) i; CREATE TABLE public.moving AS TABLE public.still");
        await server.ExecuteAsync("bb_pages", "VACUUM FREEZE public.still, public.moving");
        var first = await KeptBackup.TakeAsync(server, "pages-1");
        await server.ExecuteAsync("bb_pages", "UPDATE public.moving SET v = 'other' WHERE i % 50 = 0");
        var second = await KeptBackup.TakeAsync(server, "pages-2");
        var judge = new UnchangedPages(first.Result!.Start, second.Result!.Start);
        long taken = 0;
        foreach (var file in second.Members.Where(file => judge.CanJudge(file, first.Find(file.Path)?.Size)))
        {
            var (before, now) = (first.Content(file.Path), second.Content(file.Path));
            for (var at = 0; at < now.Length; at += Piece)
            {
                var length = Math.Min(Piece, now.Length - at);
                if (judge.IsUnchanged(now.AsSpan(at, length)))
                {
                    Assert.True(before.AsSpan(at, length).SequenceEqual(now.AsSpan(at, length)), $"{file.Path} at {at}");
                    taken += length;
                }
            }
        }

        var moving = await server.ScalarAsync<string>("bb_pages", "SELECT pg_relation_filepath('public.moving')");
        Assert.False(judge.IsUnchanged(second.Content(moving!).AsSpan(0, Piece)));
        var still = await server.ScalarAsync<string>("bb_pages", "SELECT pg_relation_filepath('public.still')");
        Assert.True(judge.IsUnchanged(second.Content(still!).AsSpan(0, Piece)));
        Assert.True(taken > second.Result!.Bytes / 2, $"{taken} of {second.Result.Bytes}");
    }

    [Theory]
    [InlineData("base/5/16384", true)]
    [InlineData("base/5/16384.3", true)]
    [InlineData("global/1262", true)]
    [InlineData("pg_tblspc/16400/PG_15_202209061/5/16384", true)]
    [InlineData("base/5/16384_fsm", false)]
    [InlineData("base/5/16384_vm", false)]
    [InlineData("base/5/16384_init", false)]
    [InlineData("base/5/PG_VERSION", false)]
    [InlineData("global/pg_control", false)]
    [InlineData("pg_xact/0000", false)]
    public void Only_main_forks_are_judged(string path, bool judged)
    {
        var file = new BaseBackupMember(BaseBackupMemberKind.File, path, UnixFileMode.UserRead, 8192, 0);
        Assert.Equal(judged, Judge(Start(100), Start(200)).CanJudge(file, 8192));
        Assert.False(Judge(Start(100), Start(200)).CanJudge(file, 16384));
        Assert.False(Judge(Start(100), Start(200)).CanJudge(file, null));
    }

    [Fact]
    public void Nothing_is_judged_across_timelines_clusters_or_backwards()
    {
        var file = new BaseBackupMember(BaseBackupMemberKind.File, "base/5/1", UnixFileMode.UserRead, 8192, 0);
        Assert.False(Judge(Start(100), Start(200) with { Timeline = new TimelineId(2) }).CanJudge(file, 8192));
        Assert.False(Judge(Start(100), Start(200) with { SystemIdentifier = new SystemIdentifier(9) }).CanJudge(file, 8192));
        Assert.False(Judge(Start(200), Start(100)).CanJudge(file, 8192));
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, false)]
    [InlineData(150, false)]
    [InlineData(0, false)]
    public void A_piece_is_unchanged_when_every_page_is_older(ulong changed, bool unchanged)
    {
        var pages = new byte[3 * 8192];
        foreach (var at in (int[])[0, 8192, 16384])
        {
            BitConverter.TryWriteBytes(pages.AsSpan(at + 4), at == 8192 ? (uint)changed : 50u);
        }

        Assert.Equal(unchanged, Judge(Start(100), Start(200)).IsUnchanged(pages));
        Assert.False(Judge(Start(100), Start(200)).IsUnchanged(pages.AsSpan(0, 8191)));
    }

    private static UnchangedPages Judge(BaseBackupStart previous, BaseBackupStart current) => new(previous, current);

    private static BaseBackupStart Start(ulong lsn) =>
        new(new SystemIdentifier(1), new TimelineId(1), new Lsn(lsn), 150018, 16 * 1024 * 1024, true, 0) { Tablespaces = [], Databases = [] };
}
