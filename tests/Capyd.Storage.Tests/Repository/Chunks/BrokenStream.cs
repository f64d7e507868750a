namespace Capyd.Storage.Tests.Repository.Chunks;

/// <summary>Gives that many bytes and then fails.</summary>
internal sealed class BrokenStream(int length) : MemoryStream(Ground.Content(9, length))
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        return count > 0 ? count : throw new KilledException();
    }
}
