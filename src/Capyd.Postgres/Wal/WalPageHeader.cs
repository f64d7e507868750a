using System.Buffers.Binary;
using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>The header of an 8 KiB page of WAL; the first page of a segment has the long form.</summary>
internal readonly ref struct WalPageHeader(ReadOnlySpan<byte> page)
{
    public const int PageSize = 8192;
    private const int ShortLength = 24;
    private const int LongLength = 40;
    private const ushort ContinuesRecordFlag = 1;
    private const ushort LongFlag = 2;
    private const ushort OverwritesRecordFlag = 8;

    private static readonly int[] Majors = [13, 14, 15, 16, 17, 18];

    private readonly ReadOnlySpan<byte> _page = page;

    public int Length => IsLong ? LongLength : ShortLength;

    /// <summary>The page begins with the rest of a record from the page before.</summary>
    public bool ContinuesRecord => (Info & ContinuesRecordFlag) != 0;

    /// <summary>The record that the page before began was given up when the server had crashed.</summary>
    public bool OverwritesRecord => (Info & OverwritesRecordFlag) != 0;

    /// <summary>Bytes of that record from here on.</summary>
    public uint RemainingLength => BinaryPrimitives.ReadUInt32LittleEndian(_page[16..]);

    public uint Timeline => BinaryPrimitives.ReadUInt32LittleEndian(_page[4..]);

    /// <summary>PostgreSQL leaves the pages after a segment switch empty.</summary>
    public bool IsEmpty => !_page[..ShortLength].ContainsAnyExcept((byte)0);

    private bool IsLong => (Info & LongFlag) != 0;

    private ushort Magic => BinaryPrimitives.ReadUInt16LittleEndian(_page);

    private ushort Info => BinaryPrimitives.ReadUInt16LittleEndian(_page[2..]);

    private ulong Address => BinaryPrimitives.ReadUInt64LittleEndian(_page[8..]);

    /// <summary>What is wrong with the page at this place of a segment; null when nothing is. The first pages of a new
    /// timeline's first segment are copies that still carry the old one.</summary>
    public string? Problem(WalLineage lineage, WalSegmentName segment, Lsn expected)
    {
        if (Magic != MagicOf(lineage.Major))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the page at {expected} has the magic number {Magic:X4}, PostgreSQL {lineage.Major} writes {MagicOf(lineage.Major):X4}.");
        }

        if (Address != expected.Position)
        {
            return $"the page at {expected} says that it is the one at {new Lsn(Address)}.";
        }

        if (Timeline == 0 || Timeline > segment.Timeline.Value)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the page at {expected} is of timeline {Timeline}.");
        }

        return expected == segment.Start ? LongProblem(lineage) : IsLong ? $"the page at {expected} has the header of a first page." : null;
    }

    private string? LongProblem(WalLineage lineage)
    {
        if (!IsLong)
        {
            return "its first page lacks the long header.";
        }

        var system = new SystemIdentifier(BinaryPrimitives.ReadUInt64LittleEndian(_page[24..]));
        var size = BinaryPrimitives.ReadUInt32LittleEndian(_page[32..]);
        var block = BinaryPrimitives.ReadUInt32LittleEndian(_page[36..]);
        return system != lineage.System ? $"it was written by the cluster {system}, this archive is of {lineage.System}."
            : size != lineage.SegmentSize.Bytes || block != PageSize
                ? string.Create(CultureInfo.InvariantCulture, $"it is of a cluster with segments of {size} and pages of {block} bytes.")
                : null;
    }

    /// <summary>Whose segment begins with this page; null when it is no first page.</summary>
    public WalLineage? Lineage()
    {
        var magic = Magic;
        return IsLong && Majors.FirstOrDefault(major => MagicOf(major) == magic) is > 0 and var found
            ? new WalLineage(
                new SystemIdentifier(BinaryPrimitives.ReadUInt64LittleEndian(_page[24..])), found,
                new WalSegmentSize(BinaryPrimitives.ReadInt32LittleEndian(_page[32..])))
            : null;
    }

    private static ushort MagicOf(int major) => major switch
    {
        13 => 0xD106,
        14 => 0xD10D,
        15 => 0xD110,
        16 => 0xD113,
        17 => 0xD116,
        18 => 0xD118,
        _ => throw new NotSupportedException($"The WAL of PostgreSQL {major} is not known to this version of capyd."),
    };
}
