using Capyd.Postgres.BaseBackups;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.BaseBackups;

/// <summary>Puts the members of a base backup into the repository as they arrive. Pieces of which no page has changed since the
/// previous backup are taken over from it.</summary>
internal sealed class ChunkedMembers(BackupSession session, int chunkBytes)
{
    private StoredBaseBackup? _previous;
    private UnchangedPages? _pages;

    /// <summary>Whether any piece was taken over.</summary>
    public bool Reuses { get; private set; }

    /// <summary>What the backup may refer to; stays open until it is committed.</summary>
    public void CompareWith(StoredBaseBackup previous, BaseBackupStart start)
    {
        _previous = previous;
        _pages = new UnchangedPages(previous.Facts.Start(), start);
    }

    public Task TakeAsync(BaseBackupMember member, Stream content, CancellationToken cancellation)
    {
        var entry = StoredMember.EntryOf(member);
        if (member.Kind == BaseBackupMemberKind.File)
        {
            return session.AddFileAsync(entry, content, Known(member), cancellation);
        }

        session.AddEntry(entry);
        return Task.CompletedTask;
    }

    private Func<int, ReadOnlyMemory<byte>, ChunkRef?>? Known(BaseBackupMember member)
    {
        if (_previous is null || !RelationFiles.IsMainFork(member.Path) || _previous.Find(member.Path) is not { } earlier)
        {
            return null;
        }

        return _pages!.CanJudge(member, earlier.Size) && IsCutAlike(earlier)
            ? (index, pages) => Take(earlier.Chunks[index], pages.Span)
            : null;
    }

    private ChunkRef? Take(ChunkRef earlier, ReadOnlySpan<byte> pages)
    {
        if (!_pages!.IsUnchanged(pages))
        {
            return null;
        }

        Reuses = true;
        return earlier;
    }

    /// <summary>A chunk stands for the same place of the file only when both backups were cut at the same places.</summary>
    private bool IsCutAlike(ManifestEntry earlier) =>
        earlier.Chunks.Count == (earlier.Size + chunkBytes - 1) / chunkBytes
        && earlier.Chunks.Take(earlier.Chunks.Count - 1).All(chunk => chunk.Length == chunkBytes);
}
