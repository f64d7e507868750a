namespace Capyd.Postgres.Dumps;

/// <summary>How an archive is put down: what its table of contents becomes, and how far everything behind it moves.</summary>
internal sealed record PlacedArchive(ArchiveToc? Toc, TocRewriter? Rewriter, long Shift)
{
    private readonly List<DataBlocks> _followed = [];
    private readonly List<ArchiveBlock> _known = [];

    /// <summary>Who follows the blocks that begin at that place of the file; null when there is nothing to follow.</summary>
    public DataBlocks? Follow(long place)
    {
        if (Toc is null)
        {
            return null;
        }

        var blocks = new DataBlocks(Toc.IntegerSize, place);
        lock (_followed)
        {
            _followed.Add(blocks);
        }

        return blocks;
    }

    /// <summary>What a part holds that was not followed.</summary>
    public void Add(IEnumerable<ArchiveBlock> blocks)
    {
        lock (_known)
        {
            _known.AddRange(blocks.Select(block => block with { At = block.At + Shift }));
        }
    }

    /// <summary>What was learnt; unknown when there was something that is no data block.</summary>
    public StagedArchive Learnt() => Toc is null || _followed.Any(static part => part.IsLost)
        ? StagedArchive.Unknown
        : new StagedArchive(Toc.Entries.ToDictionary(static entry => entry.DumpId), Blocks());

    /// <summary>Where in the file an entry's offset stands, and what belongs there.</summary>
    public IEnumerable<(int Place, byte[] Encoded)> Offsets() => Rewriter is null ? [] : Rewriter.Offsets(Blocks().Values);

    private Dictionary<int, ArchiveBlock> Blocks()
    {
        var found = new Dictionary<int, ArchiveBlock>();
        foreach (var block in _followed.SelectMany(static part => part.Blocks).Concat(_known))
        {
            found[block.Entry] = block;
        }

        return found;
    }
}
