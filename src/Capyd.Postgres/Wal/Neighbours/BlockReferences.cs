using System.Buffers.Binary;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Postgres.Wal.Neighbours;

/// <summary>The pages that a record of WAL changes: its body begins with a header for each (access/xlogrecord.h).</summary>
internal static class BlockReferences
{
    /// <summary>So long can the headers of a record be: 33 pages, each with image, relation and number.</summary>
    public const int LongestHead = WalRecord.HeaderLength + (33 * (4 + 5 + 2 + 12 + 4));

    private const byte LastBlock = 32;
    private const byte HasImage = 0x10;
    private const byte SameRelation = 0x80;
    private const byte HasHole = 0x01;

    /// <param name="head">The record from its beginning, as much of it as is needed.</param>
    /// <returns>Whether the record changes pages, and all of them are of these databases. False also when too little is there to tell.</returns>
    public static bool AreAllOf(IReadOnlySet<uint> databases, ReadOnlySpan<byte> head, int major)
    {
        if (head.Length <= WalRecord.HeaderLength)
        {
            return false;
        }

        // Headers are followed by the data that they announce; where that begins is said by nothing but the length.
        var left = BinaryPrimitives.ReadUInt32LittleEndian(head) - (long)WalRecord.HeaderLength;
        var rest = head[WalRecord.HeaderLength..];
        var any = false;
        while (left > 0 && rest.Length > 0 && rest[0] <= LastBlock)
        {
            if (!TryRead(rest, major, out var block) || (block.Database is { } of ? !databases.Contains(of) : !any))
            {
                return false;
            }

            any = true;
            left -= block.Length + block.Data;
            rest = rest[block.Length..];
        }

        return any && (left <= 0 || rest.Length > 0);
    }

    /// <returns>False when the header is not whole.</returns>
    private static bool TryRead(ReadOnlySpan<byte> block, int major, out (int Length, int Data, uint? Database) read)
    {
        read = default;
        var length = 4;
        if (block.Length < length)
        {
            return false;
        }

        int data = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        if ((block[1] & HasImage) != 0)
        {
            length += 5;
            if (block.Length < length)
            {
                return false;
            }

            data += BinaryPrimitives.ReadUInt16LittleEndian(block[4..]);
            length += IsCompressedAroundHole(block[length - 1], major) ? 2 : 0;
        }

        // Tablespace, database, relation.
        uint? database = null;
        if ((block[1] & SameRelation) == 0)
        {
            database = block.Length >= length + 12 ? BinaryPrimitives.ReadUInt32LittleEndian(block[(length + 4)..]) : null;
            length += 12;
        }

        length += 4;
        read = (length, data, database);
        return block.Length >= length;
    }

    private static bool IsCompressedAroundHole(byte image, int major) =>
        (image & HasHole) != 0 && (image & (major >= 15 ? 0x04 | 0x08 | 0x10 : 0x02)) != 0;
}
