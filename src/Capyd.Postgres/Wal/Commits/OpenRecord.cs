using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal.Commits;

/// <summary>A record that continues on the next page, which may be in the next segment.</summary>
/// <param name="room">Of a record that is done, to be used again where it suffices: there is one of these on nearly every page.</param>
internal sealed class OpenRecord(Lsn start, int total, byte[]? room = null)
{
    private readonly byte[] _bytes = room?.Length >= total ? room : new byte[total];
    private int _filled;

    public Lsn Start { get; } = start;

    public int Missing => total - _filled;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, total);

    public byte[] Room => _bytes;

    /// <summary>For a reading that may have to be repeated.</summary>
    public OpenRecord Copy()
    {
        var copy = new OpenRecord(Start, total);
        copy.Append(_bytes.AsSpan(0, _filled));
        return copy;
    }

    public void Append(ReadOnlySpan<byte> part)
    {
        part.CopyTo(_bytes.AsSpan(_filled));
        _filled += part.Length;
    }
}
