using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal.Commits;

/// <summary>A record that continues on the next page, which may be in the next segment.</summary>
internal sealed class OpenRecord(Lsn start, int total)
{
    private readonly byte[] _bytes = new byte[total];
    private int _filled;

    public Lsn Start { get; } = start;

    public int Missing => _bytes.Length - _filled;

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>For a reading that may have to be repeated.</summary>
    public OpenRecord Copy()
    {
        var copy = new OpenRecord(Start, _bytes.Length);
        copy.Append(_bytes.AsSpan(0, _filled));
        return copy;
    }

    public void Append(ReadOnlySpan<byte> part)
    {
        part.CopyTo(_bytes.AsSpan(_filled));
        _filled += part.Length;
    }
}
