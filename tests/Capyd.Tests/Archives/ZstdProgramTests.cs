using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Capyd.Archives;
using Capyd.Configuration;

namespace Capyd.Tests.Archives;

public sealed class ZstdProgramTests
{
    [Fact]
    public void Rows_that_hardly_differ_from_the_row_before_are_not_looked_for_far_away()
    {
        var rows = Rows(5000, static n => string.Create(CultureInfo.InvariantCulture, $"{n}\t{n / 1000}\t0\t{"",84}\n"));
        Assert.False(ZstdProgram.LooksFar(rows));
    }

    [Fact]
    public void Rows_that_come_again_much_later_are()
    {
        var rows = Rows(5000, static n => $"{n}\t{Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(n % 1500)))}\n");
        Assert.True(ZstdProgram.LooksFar(rows));
        Assert.True(ZstdProgram.LooksFar([1]));
    }

    [Theory]
    [InlineData(0, 26, 2, true, "-3 -T2 --long=26 --zstd=wlog=26,lhlog=23,lmml=24,lhrlog=3,strat=6,hlog=17,clog=17,slog=1,mml=6,tlen=8")]
    [InlineData(0, 26, 0, false, "-3 --single-thread --zstd=wlog=22,strat=6,hlog=17,clog=17,slog=1,mml=6,tlen=8")]
    [InlineData(9, 24, 1, true, "-9 -T1 --long=24 --zstd=wlog=24,lhlog=21,lmml=24,lhrlog=3")]
    [InlineData(19, 20, 1, false, "-19 -T1 --zstd=wlog=20")]
    public void Options_become_arguments(int level, int window, int workers, bool far, string expected) =>
        Assert.Equal(
            expected,
            string.Join(' ', ZstdProgram.Settings(new BackupOptions { ZstdLevel = level, ZstdWindowLog = window, ZstdWorkers = workers }, far)));

    [Theory]
    [InlineData(0, 26, 2)]
    [InlineData(0, 19, 0)]
    [InlineData(1, 27, 64)]
    [InlineData(12, 19, 1)]
    public async Task What_was_compressed_comes_back_with_all_settings(int level, int window, int workers)
    {
        var options = new CapydOptions { Backups = { ZstdLevel = level, ZstdWindowLog = window, ZstdWorkers = workers } };
        var zstd = new ZstdProgram(options, TimeProvider.System);
        var plain = Rows(30_000, static n => $"{n}\t{Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(n % 9000)))}\n");
        foreach (var far in (bool[])[true, false])
        {
            using var stored = new MemoryStream();
            await zstd.CompressAsync(far, (input, token) => input.WriteAsync(plain, token).AsTask(), stored, CancellationToken.None);
            Assert.InRange(stored.Length, 1, plain.Length);
            using var back = new MemoryStream();
            Assert.Null(await Unpack(stored.ToArray(), back));
            Assert.Equal(plain, back.ToArray());
            Assert.NotNull(await Unpack(stored.ToArray()[..^9], new MemoryStream()));
        }

        Task<string?> Unpack(byte[] bytes, Stream to) =>
            zstd.DecompressAsync((input, token) => input.WriteAsync(bytes, token).AsTask(), (output, token) => output.CopyToAsync(to, token), CancellationToken.None);
    }

    private static byte[] Rows(int count, Func<int, string> row) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, count).Select(row)));
}
