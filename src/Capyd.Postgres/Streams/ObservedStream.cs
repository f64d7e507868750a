using System.Buffers;

namespace Capyd.Postgres.Streams;

/// <summary>Shows every byte that is read to somebody else as well.</summary>
internal sealed class ObservedStream(Stream inner, Action<ReadOnlyMemory<byte>> see) : ForwardStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        see(buffer[..count]);
        return count;
    }

    /// <summary>Reads what nobody wanted, so that the observer has seen all.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        // Not a buffer of its own for each of a cluster's thousand files, of which nothing is left mostly.
        var rest = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            while (await ReadAsync(rest, ct) > 0)
            {
                // The observer has seen it.
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rest);
        }
    }
}
