using System.Buffers;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>Reads a sealed object from its beginning to its end; a frame is handed out only when it is proven. It can
/// seek when the inner stream can. Reading throws <see cref="InvalidDataException"/> when the object is not what was sealed.</summary>
/// <param name="inner">Behind the header; disposed with this stream.</param>
internal sealed class UnsealingStream(Stream inner, ObjectSeal seal, ObjectName name) : ForwardStream
{
    private const int FramesAtOnce = 3;

    private byte[]? _stored = ArrayPool<byte>.Shared.Rent(FramesAtOnce * SealFormat.SealedFrameBytes);
    private readonly byte[] _plain = ArrayPool<byte>.Shared.Rent(SealFormat.FrameBytes);
    private (int From, int To) _ready;
    private (int From, int To) _waiting;
    private bool _innerEnded;
    private bool _ended;
    private long _frame;
    private long _position;

    public override bool CanSeek => inner.CanSeek;

    public override long Length => SealFormat.PlainSize(inner.Length)
        ?? throw new InvalidDataException($"{name} is not what was sealed: no sealed object has {inner.Length} bytes");

    public override long Position
    {
        get => _position;
        set => MoveTo(value);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_stored is null, this);
        while (NeedsMore(buffer.Length))
        {
            Arrived(await inner.ReadAsync(_stored.AsMemory(MakeRoom()), cancellationToken));
        }

        return Give(buffer.Span);
    }

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_stored is null, this);
        while (NeedsMore(buffer.Length))
        {
            Arrived(inner.Read(_stored.AsSpan(MakeRoom())));
        }

        return Give(buffer);
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        MoveTo(offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _position, _ => Length });
        return _position;
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _stored is { } stored)
        {
            _stored = null;
            ArrayPool<byte>.Shared.Return(stored);
            ArrayPool<byte>.Shared.Return(_plain, clearArray: true);
            seal.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    // One byte more than a frame: only what follows a frame says that it is not the last.
    private bool NeedsMore(int wanted) => wanted > 0 && _ready.From == _ready.To && !_ended && !_innerEnded && _waiting.To - _waiting.From <= SealFormat.SealedFrameBytes;

    private int MakeRoom()
    {
        _stored.AsSpan(_waiting.From, _waiting.To - _waiting.From).CopyTo(_stored);
        _waiting = (0, _waiting.To - _waiting.From);
        return _waiting.To;
    }

    private void Arrived(int count)
    {
        _waiting.To += count;
        _innerEnded = count == 0;
    }

    private int Give(Span<byte> buffer)
    {
        if (_ready.From == _ready.To && !_ended && !buffer.IsEmpty)
        {
            if (Math.Min(_waiting.To - _waiting.From, SealFormat.SealedFrameBytes) - SealFormat.TagBytes is var length && length <= buffer.Length)
            {
                OpenFrame(buffer);
                _position += length;
                return length;
            }

            _ready = (0, OpenFrame(_plain));
        }

        var count = Math.Min(buffer.Length, _ready.To - _ready.From);
        _plain.AsSpan(_ready.From, count).CopyTo(buffer);
        _ready.From += count;
        _position += count;
        return count;
    }

    /// <returns>The plain bytes of the next frame; 0 only for an object without any.</returns>
    private int OpenFrame(Span<byte> plain)
    {
        var stored = _stored.AsSpan(_waiting.From, Math.Min(_waiting.To - _waiting.From, SealFormat.SealedFrameBytes));
        _ended = _waiting.To - _waiting.From <= SealFormat.SealedFrameBytes;
        var length = stored.Length - SealFormat.TagBytes;
        if (length < 0 || (length == 0 && _frame > 0))
        {
            throw new InvalidDataException($"{name} is not what was sealed: it is cut off");
        }

        seal.Open(_frame++, _ended, stored, plain[..length]);
        _waiting.From += stored.Length;
        return length;
    }

    private void MoveTo(long position)
    {
        ObjectDisposedException.ThrowIf(_stored is null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        var frame = Math.Min(position, Length) / SealFormat.FrameBytes;
        frame = Math.Min(frame, SealFormat.FramesOf(Length) - 1);
        inner.Position = SealFormat.HeaderBytes + (frame * SealFormat.SealedFrameBytes);
        (_frame, _waiting, _ready, _ended, _innerEnded) = (frame, default, default, false, false);
        _position = frame * SealFormat.FrameBytes;
        Skip((int)(Math.Min(position, Length) - _position));
    }

    private void Skip(int count)
    {
        if (count > 0)
        {
            while (NeedsMore(count))
            {
                Arrived(inner.Read(_stored.AsSpan(MakeRoom())));
            }

            _ready = (0, OpenFrame(_plain));
            _ready.From = Math.Min(count, _ready.To);
            _position += _ready.From;
        }
    }
}
