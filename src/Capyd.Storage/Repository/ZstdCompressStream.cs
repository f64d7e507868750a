using System.Buffers;

namespace Capyd.Storage.Repository;

/// <summary>Compresses what is written to it. Only <see cref="CompleteAsync"/> ends the frame: a stream that is
/// disposed without it leaves a torn frame, which no reader takes for whole.</summary>
public sealed class ZstdCompressStream : AppendingStream
{
    private const int OutputSize = 128 * 1024;

    private readonly Stream _inner;
    private readonly bool _leaveOpen;
    private readonly ZstdContext _context;
    private byte[]? _output = ArrayPool<byte>.Shared.Rent(OutputSize);
    private bool _ended;

    public ZstdCompressStream(Stream inner, ZstdSettings settings, bool leaveOpen)
    {
        _inner = inner;
        _leaveOpen = leaveOpen;
        _context = ZstdContext.ForCompression(settings);
    }

    public override bool CanWrite => !_ended;

    /// <summary>Ends the frame and flushes the inner stream; nothing can be written afterwards.</summary>
    /// <exception cref="InvalidOperationException">An earlier write failed, or the frame has ended already.</exception>
    public async ValueTask CompleteAsync(CancellationToken ct = default)
    {
        await PushAsync(default, NativeZstd.Directive.End, ct);
        _ended = true;
        await _inner.FlushAsync(ct);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        PushAsync(buffer, NativeZstd.Directive.Continue, cancellationToken);

    public override void Write(ReadOnlySpan<byte> buffer) => Push(buffer, NativeZstd.Directive.Continue);

    public override void Flush()
    {
        Push(default, NativeZstd.Directive.Flush);
        _inner.Flush();
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await PushAsync(default, NativeZstd.Directive.Flush, cancellationToken);
        await _inner.FlushAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (Release() && !_leaveOpen)
        {
            await _inner.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Release() && !_leaveOpen)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask PushAsync(ReadOnlyMemory<byte> input, NativeZstd.Directive directive, CancellationToken ct)
    {
        var output = Begin();
        bool more;
        do
        {
            (var taken, var made, more) = Step(input.Span, output, directive);
            input = input[taken..];
            await _inner.WriteAsync(output.AsMemory(0, made), ct);
        }
        while (more);
        _ended = false;
    }

    private void Push(ReadOnlySpan<byte> input, NativeZstd.Directive directive)
    {
        var output = Begin();
        bool more;
        do
        {
            (var taken, var made, more) = Step(input, output, directive);
            input = input[taken..];
            _inner.Write(output, 0, made);
        }
        while (more);
        _ended = false;
    }

    // Ended until the push has succeeded: after a failure some compressed bytes are lost, so the frame must stay torn.
    private byte[] Begin()
    {
        ObjectDisposedException.ThrowIf(_output is null, this);
        if (_ended)
        {
            throw new InvalidOperationException(
                "The zstd frame can take nothing more: it has ended, or an earlier write failed.");
        }

        _ended = true;
        return _output;
    }

    private unsafe (int Taken, int Made, bool More) Step(
        ReadOnlySpan<byte> input, Span<byte> output, NativeZstd.Directive directive)
    {
        fixed (byte* from = input, to = output)
        {
            var source = new ZstdBuffer(from, input.Length);
            var target = new ZstdBuffer(to, output.Length);
            var left = NativeZstd.Check(
                NativeZstd.Compress(_context, ref target, ref source, directive), "compressing");
            var more = directive == NativeZstd.Directive.Continue ? source.Done < input.Length : left > 0;
            return (source.Done, target.Done, more);
        }
    }

    private bool Release()
    {
        if (_output is null)
        {
            return false;
        }

        ArrayPool<byte>.Shared.Return(_output);
        _output = null;
        _context.Dispose();
        return true;
    }
}
