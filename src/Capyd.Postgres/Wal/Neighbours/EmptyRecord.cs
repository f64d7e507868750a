using System.Buffers.Binary;
using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Postgres.Wal.Neighbours;

/// <summary>
/// A record that does nothing, in the place of another and as long: XLOG_NOOP with zeros for its data. Length, transaction and the
/// position of the record before stay as they were.
/// </summary>
internal sealed class EmptyRecord
{
    /// <summary>With the head of its data, which takes any length.</summary>
    private const int PrefixLength = WalRecord.HeaderLength + 1 + 4;

    private const int InfoAt = 16;
    private const int ManagerAt = 17;
    private const byte Noop = 0x20;
    private const byte LogManager = 0;
    private const byte LongData = 254;

    private static readonly byte[] Zeros = new byte[8192];

    private readonly byte[] _prefix = new byte[PrefixLength];
    private long _written;

    private EmptyRecord()
    {
    }

    /// <param name="header">Of the record that it stands for.</param>
    /// <param name="total">Its length; null is returned when that is too short, which no record with pages is.</param>
    public static EmptyRecord? InPlaceOf(ReadOnlySpan<byte> header, uint total)
    {
        if (total < PrefixLength)
        {
            return null;
        }

        var empty = new EmptyRecord();
        var prefix = empty._prefix.AsSpan();
        header[..WalRecord.HeaderLength].CopyTo(prefix);
        (prefix[InfoAt], prefix[ManagerAt], prefix[InfoAt + 2], prefix[InfoAt + 3]) = (Noop, LogManager, 0, 0);
        prefix[WalRecord.HeaderLength] = LongData;
        BinaryPrimitives.WriteUInt32LittleEndian(prefix[(WalRecord.HeaderLength + 1)..], total - PrefixLength);
        BinaryPrimitives.WriteUInt32LittleEndian(prefix[WalRecord.CrcOffset..], Checksum(prefix, total));
        return empty;
    }

    /// <summary>Writes what comes next of it.</summary>
    public void Fill(Span<byte> part)
    {
        if (_written < PrefixLength)
        {
            var count = (int)Math.Min(part.Length, PrefixLength - _written);
            _prefix.AsSpan((int)_written, count).CopyTo(part);
            _written += count;
            part = part[count..];
        }

        part.Clear();
        _written += part.Length;
    }

    /// <summary>To write its later part once more.</summary>
    public EmptyRecord Copy()
    {
        var copy = new EmptyRecord { _written = _written };
        _prefix.CopyTo(copy._prefix, 0);
        return copy;
    }

    /// <summary>The body first, then the header up to the checksum.</summary>
    private static uint Checksum(ReadOnlySpan<byte> prefix, uint total)
    {
        var sum = new Crc32C();
        sum.Add(prefix[WalRecord.HeaderLength..]);
        for (var rest = total - PrefixLength; rest > 0;)
        {
            var count = Math.Min(rest, (uint)Zeros.Length);
            sum.Add(Zeros.AsSpan(0, (int)count));
            rest -= count;
        }

        sum.Add(prefix[..WalRecord.CrcOffset]);
        return sum.Value;
    }
}
