namespace Capyd.Postgres.Dumps;

/// <summary>Follows the data blocks of an archive as they pass, and notes where each begins and how long it is.</summary>
/// <param name="position">Where in the file the first block begins.</param>
internal sealed class DataBlocks(int integerSize, long position)
{
    private readonly BlockReader _reader = new(integerSize);
    private readonly List<ArchiveBlock> _blocks = [];
    private (int Entry, long At) _passing;

    /// <summary>Those that have passed, but for those that were taken.</summary>
    public IReadOnlyList<ArchiveBlock> Blocks => _blocks;

    /// <summary>Those that have passed since the last call.</summary>
    public IReadOnlyList<ArchiveBlock> Take()
    {
        ArchiveBlock[] taken = [.. _blocks];
        _blocks.Clear();
        return taken;
    }

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
            _passing = ((int)_reader.Number, at - 2 - integerSize);
        }
        else if (_reader.IsBetween)
        {
            _blocks.Add(new ArchiveBlock(_passing.Entry, _passing.At, at - _passing.At));
        }
    }
}
