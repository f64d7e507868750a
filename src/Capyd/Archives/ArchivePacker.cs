using Capyd.Postgres.Dumps;
using Capyd.Storage.Repository;

namespace Capyd.Archives;

/// <summary>
/// Compresses an archive while it is dumped, in frames that begin with a table: each can be unpacked beside the others, and each is
/// compressed in the way that suits its rows.
/// </summary>
internal sealed class ArchivePacker(ZstdProgram zstd, DumpedArchive archive, Stream target)
{
    private const int PumpBuffer = 1 << 17;
    private const int SampleSize = 1 << 19;
    private const long ShortestFrame = 8 << 20;

    private readonly byte[] _sample = new byte[SampleSize];
    private readonly List<ArchiveFrame> _frames = [];
    private long _plain;
    private bool _ended;

    public async Task<IReadOnlyList<ArchiveFrame>> PackAsync(CancellationToken cancellation)
    {
        var stored = 0L;
        while (await SampleAsync(cancellation) is > 0 and var sampled)
        {
            var begins = _plain;
            await using var hashed = new HashingStream(target);
            await zstd.CompressAsync(FrameSearch.For(_sample.AsSpan(0, sampled)), (input, token) => FeedAsync(input, sampled, token), hashed, cancellation);
            _frames.Add(new ArchiveFrame(stored, begins, hashed.Sha256) { Blocks = archive.TakeBlocks() });
            stored += hashed.Length;
        }

        return _frames;
    }

    /// <summary>The beginning of the next frame.</summary>
    private async Task<int> SampleAsync(CancellationToken cancellation)
    {
        var count = 0;
        while (!_ended && count < SampleSize)
        {
            var read = await archive.ReadAsync(_sample.AsMemory(count), cancellation);
            count += read;
            _ended = read == 0;
        }

        return count;
    }

    private async Task FeedAsync(Stream input, int sampled, CancellationToken cancellation)
    {
        var begins = _plain;
        await input.WriteAsync(_sample.AsMemory(0, sampled), cancellation);
        _plain += sampled;
        var buffer = new byte[PumpBuffer];
        while (!_ended && !(archive.TableEnded && _plain - begins >= ShortestFrame))
        {
            var read = await archive.ReadAsync(buffer, cancellation);
            await input.WriteAsync(buffer.AsMemory(0, read), cancellation);
            _plain += read;
            _ended = read == 0;
        }
    }
}
