using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>A piece of the write-ahead log.</summary>
/// <param name="From">Its first byte.</param>
/// <param name="To">The first byte after it.</param>
public readonly record struct WalRange(Lsn From, Lsn To)
{
    public ulong Bytes => To.Position - From.Position;

    public override string ToString() => $"{From}-{To}";
}
