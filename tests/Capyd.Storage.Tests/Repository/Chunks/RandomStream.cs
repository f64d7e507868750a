namespace Capyd.Storage.Tests.Repository.Chunks;

/// <summary>Gives that many megabytes that do not compress.</summary>
internal sealed class RandomStream(int megabytes) : MemoryStream
{
    private readonly Random _random = new(megabytes);
    private long _left = megabytes * 1024L * 1024;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = (int)Math.Min(buffer.Length, _left);
        _random.NextBytes(buffer.Span[..count]);
        _left -= count;
        return ValueTask.FromResult(count);
    }
}
