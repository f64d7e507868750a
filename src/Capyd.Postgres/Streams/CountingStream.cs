namespace Capyd.Postgres.Streams;

/// <summary>Passes bytes on and tells how many went by, every few megabytes.</summary>
internal sealed class CountingStream(Stream inner, Action<long> report) : ForwardStream
{
    private const long Step = 4 * 1024 * 1024;

    private long _count;
    private long _reported;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken));

    public override int Read(Span<byte> buffer) => Count(inner.Read(buffer));

    private int Count(int read)
    {
        _count += read;
        if (_count - _reported >= Step || (read == 0 && _count != _reported))
        {
            _reported = _count;
            report(_count);
        }

        return read;
    }
}
