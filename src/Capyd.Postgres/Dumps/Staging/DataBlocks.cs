namespace Capyd.Postgres.Dumps;

/// <summary>
/// Follows the data blocks of a custom-format archive as they pass, and notes where each begins (<c>pg_backup_custom.c</c>): a type, the
/// entry's number, and chunks with their lengths up to an empty one; large objects are chunks below a number each, up to number 0.
/// </summary>
/// <param name="position">Where in the file the first block begins.</param>
internal sealed class DataBlocks(int integerSize, long position)
{
    private const int TableData = 1;
    private const int LargeObjects = 3;

    private readonly Dictionary<int, long> _starts = [];
    private readonly Dictionary<int, long> _lengths = [];
    private Expecting _expecting = Expecting.Type;
    private int _type;
    private int _entry;
    private long _blockStart;
    private long _value;
    private int _valueBytes;
    private long _toSkip;

    private enum Expecting
    {
        Type,
        Entry,
        ObjectNumber,
        ChunkLength,
        Chunk,
        Nothing,
    }

    /// <summary>By the entry's number.</summary>
    public IReadOnlyDictionary<int, long> Starts => _starts;

    /// <summary>Bytes of each block, by the entry's number.</summary>
    public IReadOnlyDictionary<int, long> Lengths => _lengths;

    /// <summary>Whether something was met that is no data block; nothing that was noted counts then.</summary>
    public bool IsLost => _expecting == Expecting.Nothing;

    public void Follow(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length && !IsLost;)
        {
            if (_expecting == Expecting.Chunk)
            {
                var count = (int)Math.Min(_toSkip, bytes.Length - i);
                i += count;
                position += count;
                _toSkip -= count;
                _expecting = _toSkip == 0 ? Expecting.ChunkLength : Expecting.Chunk;
                continue;
            }

            Take(bytes[i++]);
            position++;
        }
    }

    private void Take(byte value)
    {
        if (_expecting == Expecting.Type)
        {
            _type = value;
            _blockStart = position;
            _expecting = value is TableData or LargeObjects ? Expecting.Entry : Expecting.Nothing;
        }
        else if (Number(value) is { } number)
        {
            Note(number);
        }
    }

    /// <summary>A sign and the integer's bytes, lowest first; null while it is not whole.</summary>
    private long? Number(byte value)
    {
        if (_valueBytes > 0)
        {
            _value |= (long)value << (8 * (_valueBytes - 1));
        }

        if (_valueBytes++ < integerSize)
        {
            return null;
        }

        var number = _value;
        (_value, _valueBytes) = (0, 0);
        return number;
    }

    private void Note(long number)
    {
        switch (_expecting)
        {
            case Expecting.Entry:
                _entry = (int)number;
                _starts[_entry] = _blockStart;
                _expecting = _type == LargeObjects ? Expecting.ObjectNumber : Expecting.ChunkLength;
                break;
            case Expecting.ObjectNumber:
                _expecting = number == 0 ? End() : Expecting.ChunkLength;
                break;
            default:
                _toSkip = number;
                _expecting = number > 0 ? Expecting.Chunk : _type == LargeObjects ? Expecting.ObjectNumber : End();
                break;
        }
    }

    private Expecting End()
    {
        _lengths[_entry] = position + 1 - _blockStart;
        return Expecting.Type;
    }
}
