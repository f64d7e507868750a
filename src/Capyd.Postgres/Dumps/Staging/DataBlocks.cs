namespace Capyd.Postgres.Dumps;

/// <summary>Follows the data blocks of an archive as they pass, and notes where each begins and how long it is.</summary>
/// <param name="position">Where in the file the first block begins.</param>
internal sealed class DataBlocks(int integerSize, long position)
{
    private readonly BlockReader _reader = new(integerSize);
    private readonly Dictionary<int, long> _starts = [];
    private readonly Dictionary<int, long> _lengths = [];
    private int _entry;

    /// <summary>By the entry's number.</summary>
    public IReadOnlyDictionary<int, long> Starts => _starts;

    /// <summary>Bytes of each block, by the entry's number.</summary>
    public IReadOnlyDictionary<int, long> Lengths => _lengths;

    /// <summary>Whether something was met that is no data block; nothing that was noted counts then.</summary>
    public bool IsLost => _reader.IsLost;

    public void Follow(ReadOnlySpan<byte> bytes)
    {
        var end = position + bytes.Length;
        while (_reader.Next(ref bytes, out _) is var piece && piece is not (BlockPiece.More or BlockPiece.Unknown))
        {
            Note(piece, end - bytes.Length);
        }

        position = end;
    }

    private void Note(BlockPiece piece, long at)
    {
        if (piece == BlockPiece.Block)
        {
            _entry = (int)_reader.Number;
            _starts[_entry] = at - 2 - integerSize;
        }
        else if (_reader.IsBetween)
        {
            _lengths[_entry] = at - _starts[_entry];
        }
    }
}
