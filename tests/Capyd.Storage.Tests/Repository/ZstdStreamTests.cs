using System.Diagnostics;
using Capyd.Storage.Repository;

namespace Capyd.Storage.Tests.Repository;

public sealed class ZstdStreamTests : IDisposable
{
    private static readonly byte[] Content = MakeContent();

    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1_000_000, 0)]
    [InlineData(3_000_000, 2)]
    public async Task What_was_compressed_reads_back(int length, int workers)
    {
        var packed = await CompressAsync(Content[..length], new ZstdSettings { Workers = workers, Level = 1 });

        Assert.Equal(Content[..length], await DecompressAsync(packed));
        Assert.Equal(Content[..length], DecompressSynchronously(packed));
    }

    [Fact]
    public async Task The_zstd_tool_reads_our_frames()
    {
        var settings = new ZstdSettings { Level = 3, Workers = 2, JobSizeBytes = 1 << 20, LongDistance = true, WindowLog = 24 };
        await File.WriteAllBytesAsync(_directory["a.zst"], await CompressAsync(Content, settings));

        Run("zstd", "-q", "-d", _directory["a.zst"], "-o", _directory["a"]);

        Assert.Equal(Content, await File.ReadAllBytesAsync(_directory["a"]));
    }

    [Fact]
    public async Task We_read_frames_of_the_zstd_tool_also_several_in_a_row()
    {
        await File.WriteAllBytesAsync(_directory["b"], Content);
        Run("zstd", "-q", "-6", _directory["b"], "-o", _directory["b.zst"]);
        var frame = await File.ReadAllBytesAsync(_directory["b.zst"]);

        byte[] twice = [.. Content, .. Content];
        Assert.Equal(twice, await DecompressAsync([.. frame, .. frame]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1000)]
    [InlineData(-1)]
    [InlineData(-4)]
    public async Task A_torn_frame_is_noticed(int length)
    {
        var packed = await CompressAsync(Content, new ZstdSettings());
        var torn = length < 0 ? packed[..^-length] : packed[..length];

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => DecompressAsync(torn));

        Assert.Contains("ends in the middle of a frame", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_byte_is_noticed()
    {
        var packed = await CompressAsync(Content, new ZstdSettings());
        packed[packed.Length / 2] ^= 0x10;

        await Assert.ThrowsAsync<InvalidDataException>(() => DecompressAsync(packed));
    }

    [Fact]
    public async Task A_stream_that_was_not_completed_leaves_a_torn_frame()
    {
        using var memory = new MemoryStream();
        await using (var zstd = new ZstdCompressStream(memory, new ZstdSettings(), leaveOpen: true))
        {
            await zstd.WriteAsync(Content);
            await zstd.FlushAsync();
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => DecompressAsync(memory.ToArray()));
    }

    [Fact]
    public async Task After_a_failed_write_the_frame_cannot_be_completed()
    {
        await using var zstd = new ZstdCompressStream(new FailingStream(), new ZstdSettings { Level = 1 }, leaveOpen: false);
        await Assert.ThrowsAsync<IOException>(async () => await zstd.WriteAsync(Content));

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await zstd.CompleteAsync());
    }

    public void Dispose() => _directory.Dispose();

    private static byte[] MakeContent()
    {
        var random = new Random(15);
        var content = new byte[3_000_000];
        for (var i = 0; i < content.Length; i++)
        {
            content[i] = (byte)random.Next(i / 100_000 + 2);
        }

        return content;
    }

    private static async Task<byte[]> CompressAsync(byte[] content, ZstdSettings settings)
    {
        using var memory = new MemoryStream();
        await using var zstd = new ZstdCompressStream(memory, settings, leaveOpen: true);
        await zstd.WriteAsync(content.AsMemory(0, content.Length / 2));
        zstd.Write(content.AsSpan(content.Length / 2));
        await zstd.CompleteAsync();
        return memory.ToArray();
    }

    private static async Task<byte[]> DecompressAsync(byte[] packed)
    {
        await using var zstd = new ZstdDecompressStream(new MemoryStream(packed), leaveOpen: false);
        using var content = new MemoryStream();
        await zstd.CopyToAsync(content);
        return content.ToArray();
    }

    private static byte[] DecompressSynchronously(byte[] packed)
    {
        using var zstd = new ZstdDecompressStream(new MemoryStream(packed), leaveOpen: false);
        using var content = new MemoryStream();
        zstd.CopyTo(content, 777);
        return content.ToArray();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private sealed class FailingStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException(new IOException("disk full"));
    }
}
