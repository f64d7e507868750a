namespace Capyd.Postgres.Dumps;

/// <summary>What was learnt of an archive while it was put down.</summary>
/// <param name="Entries">Empty when its table of contents could not be read; it can be restored all the same.</param>
/// <param name="Blocks">Where the rows are, by the entry's number.</param>
internal sealed record StagedArchive(IReadOnlyDictionary<int, TocEntry> Entries, IReadOnlyDictionary<int, ArchiveBlock> Blocks)
{
    public static StagedArchive Unknown { get; } = new(new Dictionary<int, TocEntry>(), new Dictionary<int, ArchiveBlock>());
}
