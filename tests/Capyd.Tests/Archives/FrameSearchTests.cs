using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Capyd.Archives;
using Capyd.Configuration;

namespace Capyd.Tests.Archives;

public sealed class FrameSearchTests
{
    [Fact]
    public void Rows_that_hardly_differ_from_the_row_before_are_not_looked_for_far_away()
    {
        var rows = Rows(5000, static n => string.Create(CultureInfo.InvariantCulture, $"{n}\t{n / 1000}\t0\t{"",84}\n"));
        Assert.False(FrameSearch.For(rows).Far);
    }

    [Fact]
    public void Rows_that_come_again_much_later_are()
    {
        var rows = Rows(5000, static n => $"{n}\t{Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(n % 1500)))}\n");
        Assert.True(FrameSearch.For(rows).Far);
        Assert.Equal(new FrameSearch(Far: true, Thorough: false), FrameSearch.For([1]));
    }

    [Fact]
    public void Only_rows_that_become_smaller_by_it_are_searched_thoroughly()
    {
        var alike = Rows(5000, static n => string.Create(CultureInfo.InvariantCulture, $"{n}\t{n / 1000}\t0\t{"",84}\n"));
        Assert.False(FrameSearch.For(alike).Thorough);
        var digests = Rows(5000, static n => $"{n}\t{Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(n)))}\n");
        Assert.True(FrameSearch.For(digests).Thorough);
    }

    [Theory]
    [InlineData(0, 26, 2, true, true, "-3 -T2 --long=26 --zstd=wlog=26,lhlog=23,lmml=24,lhrlog=3,lblog=2,strat=6,hlog=15,clog=15,slog=1,mml=6,tlen=8")]
    [InlineData(0, 26, 2, true, false, "-3 -T2 --long=26 --zstd=wlog=26,lhlog=23,lmml=24,lhrlog=3,lblog=2")]
    [InlineData(0, 26, 0, false, true, "-3 --single-thread --zstd=wlog=22,strat=6,hlog=15,clog=15,slog=1,mml=6,tlen=8")]
    [InlineData(9, 24, 1, true, true, "-9 -T1 --long=24 --zstd=wlog=24,lhlog=21,lmml=24,lhrlog=3,lblog=2")]
    [InlineData(19, 20, 1, false, false, "-19 -T1 --zstd=wlog=20")]
    public void Options_become_arguments(int level, int window, int workers, bool far, bool thorough, string expected) =>
        Assert.Equal(
            expected,
            string.Join(' ', new FrameSearch(far, thorough).Arguments(new BackupOptions { ZstdLevel = level, ZstdWindowLog = window, ZstdWorkers = workers })));

    internal static byte[] Rows(int count, Func<int, string> row) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, count).Select(row)));
}
