using System.Numerics;

namespace Capyd.Postgres.Wal;

/// <summary>How many bytes a WAL segment of a cluster has; chosen by initdb, 16 MiB unless it was told otherwise.</summary>
public readonly record struct WalSegmentSize
{
    private const int Smallest = 1 << 20;
    private const int Largest = 1 << 30;

    /// <exception cref="ArgumentOutOfRangeException">PostgreSQL takes powers of two from 1 MiB to 1 GiB only.</exception>
    public WalSegmentSize(int bytes)
    {
        if (bytes < Smallest || bytes > Largest || !BitOperations.IsPow2(bytes))
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "A WAL segment has a power of two from 1 MiB to 1 GiB of bytes.");
        }

        Bytes = bytes;
    }

    public static WalSegmentSize Default { get; } = new(16 << 20);

    public int Bytes { get; }

    /// <summary>Segments that share the middle eight digits of their names.</summary>
    internal ulong PerLog => 0x1_0000_0000UL / (ulong)Bytes;
}
