using System.Buffers;

namespace Capyd.Storage.Repository;

/// <summary>Reads the content of one or more zstd frames and verifies their checksums.</summary>
/// <remarks>Reading throws <see cref="InvalidDataException"/> when the input is damaged, or ends within a frame.</remarks>
public sealed class ZstdDecompressStream(Stream inner, bool leaveOpen) : ForwardStream
{
    private const int InputSize = 128 * 1024;

    private readonly ZstdContext _context = ZstdContext.ForDecompression();
    private byte[]? _input = ArrayPool<byte>.Shared.Rent(InputSize);
    private int _start;
    private int _end;
    private bool _mayHoldMore;
    private bool _insideFrame = true; // an input without any frame is torn as well

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (true)
        {
            if (NeedsInput && !Take(await inner.ReadAsync(Input, cancellationToken)))
            {
                return 0;
            }

            if (Step(buffer.Span) is > 0 and var made)
            {
                return made;
            }
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (true)
        {
            if (NeedsInput && !Take(inner.Read(Input.Span)))
            {
                return 0;
            }

            if (Step(buffer) is > 0 and var made)
            {
                return made;
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (Release() && !leaveOpen)
        {
            await inner.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Release() && !leaveOpen)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool NeedsInput => _start == _end && !_mayHoldMore;

    private Memory<byte> Input => _input ?? throw new ObjectDisposedException(nameof(ZstdDecompressStream));

    // False at the end of the input.
    private bool Take(int count)
    {
        (_start, _end) = (0, count);
        return count > 0 || !_insideFrame
            ? count > 0
            : throw new InvalidDataException(
                "The zstd data ends in the middle of a frame: it was cut off, or never finished.");
    }

    private unsafe int Step(Span<byte> output)
    {
        fixed (byte* from = Input.Span, to = output)
        {
            var source = new ZstdBuffer(from + _start, _end - _start);
            var target = new ZstdBuffer(to, output.Length);
            var wanted = NativeZstd.Check(NativeZstd.Decompress(_context, ref target, ref source), "decompressing");
            _start += source.Done;
            _insideFrame = wanted != 0;
            _mayHoldMore = _insideFrame && target.Done == output.Length;
            return target.Done;
        }
    }

    private bool Release()
    {
        if (_input is null)
        {
            return false;
        }

        ArrayPool<byte>.Shared.Return(_input);
        _input = null;
        _context.Dispose();
        return true;
    }
}
