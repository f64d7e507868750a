using System.Buffers;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>Seals what is written to it. Only <see cref="CompleteAsync"/> writes the last frame: what was disposed
/// without it opens for nobody. Leaves the inner stream open.</summary>
internal sealed class SealingStream : AppendingStream
{
    private const int FramesAtOnce = 7;

    private readonly Stream _inner;
    private readonly ObjectSeal _seal;
    private readonly byte[] _held = ArrayPool<byte>.Shared.Rent(SealFormat.FrameBytes);
    private readonly byte[] _output = ArrayPool<byte>.Shared.Rent(SealFormat.HeaderBytes + (FramesAtOnce * SealFormat.SealedFrameBytes));
    private int _holds;
    private int _filled;
    private long _frame;
    private bool _disposed;

    public SealingStream(Stream inner, ObjectSeal seal)
    {
        (_inner, _seal) = (inner, seal);
        seal.Header.CopyTo(_output);
        _filled = SealFormat.HeaderBytes;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (IsFull)
            {
                await _inner.WriteAsync(_output.AsMemory(0, _filled), cancellationToken);
                _filled = 0;
            }

            buffer = buffer[Take(buffer.Span)..];
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (IsFull)
            {
                _inner.Write(_output, 0, _filled);
                _filled = 0;
            }

            buffer = buffer[Take(buffer)..];
        }
    }

    /// <summary>Seals the rest as the last frame.</summary>
    public async ValueTask CompleteAsync(CancellationToken ct)
    {
        if (IsFull)
        {
            await _inner.WriteAsync(_output.AsMemory(0, _filled), ct);
            _filled = 0;
        }

        Seal(_held.AsSpan(0, _holds), last: true);
        await _inner.WriteAsync(_output.AsMemory(0, _filled), ct);
        await _inner.FlushAsync(ct);
        _filled = 0;
    }

    public override void Flush()
    {
        // A frame that is not full cannot be written: it would be the last.
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            ArrayPool<byte>.Shared.Return(_held, clearArray: true);
            ArrayPool<byte>.Shared.Return(_output);
        }

        base.Dispose(disposing);
    }

    private bool IsFull => _filled + SealFormat.SealedFrameBytes > _output.Length;

    // A whole frame is sealed only when more follows it: until then it may be the last.
    private int Take(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_holds == SealFormat.FrameBytes)
        {
            Seal(_held.AsSpan(0, _holds), last: false);
            _holds = 0;
            return 0;
        }

        if (_holds == 0 && buffer.Length > SealFormat.FrameBytes)
        {
            Seal(buffer[..SealFormat.FrameBytes], last: false);
            return SealFormat.FrameBytes;
        }

        var taken = Math.Min(buffer.Length, SealFormat.FrameBytes - _holds);
        buffer[..taken].CopyTo(_held.AsSpan(_holds));
        _holds += taken;
        return taken;
    }

    private void Seal(ReadOnlySpan<byte> plain, bool last) => _filled += _seal.Seal(_frame++, last, plain, _output.AsSpan(_filled));
}
