using Capyd.Storage.Repository;

namespace Capyd.Imports;

/// <summary>Passes reads through and tells how many bytes have gone by. Owns the inner stream.</summary>
internal sealed class ReadShareStream(Stream inner, Action<long> tell) : ForwardStream
{
    private long _read;

    public override int Read(Span<byte> buffer) => Note(inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Note(await inner.ReadAsync(buffer, cancellationToken));

    private int Note(int count)
    {
        _read += count;
        tell(_read);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
