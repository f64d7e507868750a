using Capyd.Postgres.Streams;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Parts, one after another.</summary>
internal sealed class PartStream(IEnumerator<byte[]> parts) : ForwardStream
{
    private ReadOnlyMemory<byte> _rest;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var done = 0;
        while (done < buffer.Length && (!_rest.IsEmpty || parts.MoveNext()))
        {
            _rest = _rest.IsEmpty ? parts.Current : _rest;
            var count = Math.Min(buffer.Length - done, _rest.Length);
            _rest[..count].CopyTo(buffer[done..]);
            _rest = _rest[count..];
            done += count;
        }

        return ValueTask.FromResult(done);
    }
}
