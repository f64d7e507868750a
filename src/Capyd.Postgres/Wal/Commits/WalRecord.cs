using System.Buffers.Binary;
using System.Text;
using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal.Commits;

/// <summary>A whole record of WAL. Its layout is the same in PostgreSQL 13 to 18.</summary>
internal readonly ref struct WalRecord(ReadOnlySpan<byte> bytes, Lsn start)
{
    public const int HeaderLength = 24;
    public const int CrcOffset = 20;
    private const int Alignment = 8;
    private const byte LogManager = 0;
    private const byte TransactionManager = 1;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public bool IsSwitch => Manager == LogManager && (Info & 0xF0) == 0x40;

    private byte Info => _bytes[16];

    private byte Manager => _bytes[17];

    /// <summary>Where the record after one that ends here begins.</summary>
    public static int Align(int offset) => (offset + Alignment - 1) & ~(Alignment - 1);

    /// <summary>PostgreSQL's CRC-32C: the body first, then the header up to the checksum itself.</summary>
    public bool IsIntact()
    {
        var sum = new Crc32C();
        sum.Add(_bytes[HeaderLength..]);
        sum.Add(_bytes[..CrcOffset]);
        return sum.Value == BinaryPrimitives.ReadUInt32LittleEndian(_bytes[CrcOffset..]);
    }

    /// <summary>Null unless the record is the commit or rollback of a transaction, prepared ones included.</summary>
    public TransactionEnd? AsTransactionEnd()
    {
        var operation = Info & 0x70;
        return Manager == TransactionManager && operation is 0x00 or 0x20 or 0x30 or 0x40 && MainData() is { Length: >= 8 } data
            ? new TransactionEnd(start, Time(data), BinaryPrimitives.ReadUInt32LittleEndian(_bytes[4..]), operation is 0x00 or 0x30)
            : null;
    }

    public RestorePointMark? AsRestorePoint()
    {
        if (Manager != LogManager || (Info & 0xF0) != 0x70 || MainData() is not { Length: >= 9 } data)
        {
            return null;
        }

        var name = data[8..];
        var end = name.IndexOf((byte)0);
        return new RestorePointMark(Encoding.UTF8.GetString(end < 0 ? name : name[..end]), start, Time(data));
    }

    /// <summary>The part that the record's own manager wrote; empty when pages come before it, which these records never have.</summary>
    private ReadOnlySpan<byte> MainData()
    {
        var rest = _bytes[HeaderLength..];
        while (rest.Length >= 2)
        {
            switch (rest[0])
            {
                case 255:
                    return Last(rest[1]);
                case 254 when rest.Length >= 5:
                    return Last(BinaryPrimitives.ReadUInt32LittleEndian(rest[1..]));
                case 253 when rest.Length >= 3:
                    rest = rest[3..];
                    break;
                case 252 when rest.Length >= 5:
                    rest = rest[5..];
                    break;
                default:
                    return [];
            }
        }

        return [];
    }

    private ReadOnlySpan<byte> Last(uint length) => length <= _bytes.Length ? _bytes[^(int)length..] : [];

    private static DateTimeOffset Time(ReadOnlySpan<byte> data) =>
        new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMicroseconds(BinaryPrimitives.ReadInt64LittleEndian(data));
}
