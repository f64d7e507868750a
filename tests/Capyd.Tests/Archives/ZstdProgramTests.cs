using System.Security.Cryptography;
using Capyd.Archives;
using Capyd.Configuration;

namespace Capyd.Tests.Archives;

public sealed class ZstdProgramTests
{
    [Theory]
    [InlineData(0, 26, 2)]
    [InlineData(0, 19, 0)]
    [InlineData(1, 27, 64)]
    [InlineData(12, 19, 1)]
    public async Task What_was_compressed_comes_back_with_all_settings(int level, int window, int workers)
    {
        var options = new CapydOptions { Backups = { ZstdLevel = level, ZstdWindowLog = window, ZstdWorkers = workers } };
        var zstd = new ZstdProgram(options, TimeProvider.System);
        var plain = FrameSearchTests.Rows(30_000, static n => $"{n}\t{Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(n % 9000)))}\n");
        foreach (var search in (FrameSearch[])[new(true, true), new(true, false), new(false, true), new(false, false)])
        {
            using var stored = new MemoryStream();
            await zstd.CompressAsync(search, (input, token) => input.WriteAsync(plain, token).AsTask(), stored, CancellationToken.None);
            Assert.InRange(stored.Length, 1, plain.Length);
            using var back = new MemoryStream();
            Assert.Null(await Unpack(stored.ToArray(), back));
            Assert.Equal(plain, back.ToArray());
            Assert.NotNull(await Unpack(stored.ToArray()[..^9], new MemoryStream()));
        }

        Task<string?> Unpack(byte[] bytes, Stream to) =>
            zstd.DecompressAsync((input, token) => input.WriteAsync(bytes, token).AsTask(), (output, token) => output.CopyToAsync(to, token), CancellationToken.None);
    }
}
