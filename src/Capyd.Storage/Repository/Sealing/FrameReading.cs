using System.Buffers;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>Reads a stretch in the middle of a sealed object: the frames that it touches and no others.</summary>
internal sealed class FrameReading(IObjectStore inner, ObjectName name, ObjectSeal seal, long size)
{
    private const int FramesAtOnce = 15;

    private readonly long _lastFrame = SealFormat.FramesOf(size) - 1;

    public async Task RunAsync(long offset, Memory<byte> buffer, CancellationToken ct)
    {
        while (!buffer.IsEmpty)
        {
            var first = offset / SealFormat.FrameBytes;
            var last = Math.Min((offset + buffer.Length - 1) / SealFormat.FrameBytes, first + FramesAtOnce - 1);
            var count = (int)Math.Min(buffer.Length, ((last + 1) * SealFormat.FrameBytes) - offset);
            await ReadFramesAsync((first, last), offset, buffer[..count], ct);
            (offset, buffer) = (offset + count, buffer[count..]);
        }
    }

    private async Task ReadFramesAsync((long First, long Last) frames, long offset, Memory<byte> buffer, CancellationToken ct)
    {
        var length = (int)(((frames.Last - frames.First) * SealFormat.SealedFrameBytes) + PlainBytes(frames.Last) + SealFormat.TagBytes);
        var stored = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await inner.ReadAtAsync(name, SealFormat.HeaderBytes + (frames.First * SealFormat.SealedFrameBytes), stored.AsMemory(0, length), ct);
            Open(frames, stored.AsSpan(0, length), (int)(offset - (frames.First * SealFormat.FrameBytes)), buffer.Span);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    /// <param name="skip">Bytes of the first frame that nobody wants.</param>
    private void Open((long First, long Last) frames, ReadOnlySpan<byte> stored, int skip, Span<byte> buffer)
    {
        byte[]? edge = null;
        for (var frame = frames.First; frame <= frames.Last; frame++)
        {
            var plain = PlainBytes(frame);
            var one = stored[..(plain + SealFormat.TagBytes)];
            var wanted = Math.Min(plain - skip, buffer.Length);
            if (wanted == plain)
            {
                seal.Open(frame, frame == _lastFrame, one, buffer[..plain]);
            }
            else
            {
                edge ??= ArrayPool<byte>.Shared.Rent(SealFormat.FrameBytes);
                seal.Open(frame, frame == _lastFrame, one, edge.AsSpan(0, plain));
                edge.AsSpan(skip, wanted).CopyTo(buffer);
            }

            stored = stored[one.Length..];
            buffer = buffer[wanted..];
            skip = 0;
        }

        if (edge is not null)
        {
            ArrayPool<byte>.Shared.Return(edge, clearArray: true);
        }
    }

    private int PlainBytes(long frame) => (int)Math.Min(SealFormat.FrameBytes, size - (frame * SealFormat.FrameBytes));
}
