namespace Capyd.Postgres.Dumps;

/// <summary>
/// Tells the pieces of an archive's data blocks apart as they pass, in parts of any size (<c>pg_backup_custom.c</c>): a type, the entry's
/// number, and chunks with their lengths up to an empty one; large objects are chunks below a number each, up to number 0.
/// </summary>
internal sealed class BlockReader(int integerSize)
{
    private const byte TableData = 1;
    private const byte LargeObjects = 3;

    private Expecting _expecting = Expecting.Type;
    private int _valueBytes;
    private long _value;
    private long _left;

    private enum Expecting
    {
        Type,
        Entry,
        ObjectNumber,
        Length,
        Bytes,
        Nothing,
    }

    /// <summary>Of the block that is passing.</summary>
    public byte Type { get; private set; }

    /// <summary>The entry, large object or length that was the last piece.</summary>
    public long Number { get; private set; }

    /// <summary>Whether something was met that is no data block.</summary>
    public bool IsLost => _expecting == Expecting.Nothing;

    /// <summary>Whether no block is passing: the last piece has ended one, or none has begun.</summary>
    public bool IsBetween => _expecting == Expecting.Type;

    /// <summary>Takes one piece off <paramref name="rest"/>; <paramref name="bytes"/> are those of a chunk.</summary>
    public BlockPiece Next(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        while (!rest.IsEmpty && !IsLost)
        {
            if (_expecting == Expecting.Bytes)
            {
                bytes = rest[..(int)Math.Min(_left, rest.Length)];
                rest = rest[bytes.Length..];
                _left -= bytes.Length;
                _expecting = _left == 0 ? Expecting.Length : Expecting.Bytes;
                return BlockPiece.Bytes;
            }

            if (Take(rest[0]) is var piece and not BlockPiece.More)
            {
                rest = rest[(piece == BlockPiece.Unknown ? 0 : 1)..];
                return piece;
            }

            rest = rest[1..];
        }

        return IsLost ? BlockPiece.Unknown : BlockPiece.More;
    }

    private BlockPiece Take(byte value)
    {
        if (_expecting == Expecting.Type)
        {
            Type = value;
            _expecting = value is TableData or LargeObjects ? Expecting.Entry : Expecting.Nothing;
            return IsLost ? BlockPiece.Unknown : BlockPiece.More;
        }

        return IsWhole(value) ? Ended() : BlockPiece.More;
    }

    /// <summary>A number is a sign and the integer's bytes, lowest first.</summary>
    private bool IsWhole(byte value)
    {
        if (_valueBytes > 0)
        {
            _value |= (long)value << (8 * (_valueBytes - 1));
        }

        if (_valueBytes++ < integerSize)
        {
            return false;
        }

        Number = _value;
        (_value, _valueBytes) = (0, 0);
        return true;
    }

    private BlockPiece Ended()
    {
        var (piece, next) = (_expecting, Number) switch
        {
            (Expecting.Entry, _) => (BlockPiece.Block, Type == LargeObjects ? Expecting.ObjectNumber : Expecting.Length),
            (Expecting.ObjectNumber, 0) => (BlockPiece.LastLargeObject, Expecting.Type),
            (Expecting.ObjectNumber, _) => (BlockPiece.LargeObject, Expecting.Length),
            (_, > 0) => (BlockPiece.Length, Expecting.Bytes),
            _ => (BlockPiece.LastLength, Type == LargeObjects ? Expecting.ObjectNumber : Expecting.Type),
        };
        (_expecting, _left) = (next, Number);
        return piece;
    }
}
