namespace Capyd.Postgres.Dumps;

/// <summary>How an archive is put down: what its table of contents becomes, and how far everything behind it moves.</summary>
internal sealed record PlacedArchive(ArchiveToc? Toc, TocRewriter? Rewriter, long Shift)
{
    private readonly List<DataBlocks> _parts = [];

    /// <summary>Who follows the blocks that begin at that place of the file; null when there is nothing to follow.</summary>
    public DataBlocks? Follow(long place)
    {
        if (Toc is null)
        {
            return null;
        }

        var blocks = new DataBlocks(Toc.IntegerSize, place);
        lock (_parts)
        {
            _parts.Add(blocks);
        }

        return blocks;
    }

    /// <summary>What was learnt; unknown when there was something that is no data block.</summary>
    public StagedArchive Learnt() => Toc is null || _parts.Any(static part => part.IsLost)
        ? StagedArchive.Unknown
        : new StagedArchive(Toc.Entries.ToDictionary(static entry => entry.DumpId), Joined(static part => part.Lengths));

    /// <summary>Where in the file an entry's offset stands, and what belongs there.</summary>
    public IEnumerable<(int Place, byte[] Encoded)> Offsets() => Rewriter is null ? [] : Rewriter.Offsets(Joined(static part => part.Starts));

    private Dictionary<int, long> Joined(Func<DataBlocks, IReadOnlyDictionary<int, long>> of) =>
        _parts.SelectMany(of).ToDictionary(static pair => pair.Key, static pair => pair.Value);
}
