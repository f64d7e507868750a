using System.Runtime.InteropServices;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>
/// Decides whether a piece of a file is what the previous base backup has, without comparing it. Every page carries the
/// position of its last change. When all pages of a piece were last changed before the previous backup began, that backup
/// read them as they still are; what a hint bit or a torn read may differ by is nothing that replay relies on.
/// </summary>
/// <remarks>Positions mean the same only within one history: of the same cluster on the same timeline, going forward. A
/// server that was set back by other means than recovery (the snapshot of a volume) keeps its timeline; whoever does that
/// must take the next base backup without this.</remarks>
public sealed class UnchangedPages
{
    private readonly Lsn _before;
    private readonly bool _applies;

    public UnchangedPages(BaseBackupStart previous, BaseBackupStart current)
    {
        _before = previous.StartLsn;
        _applies = IsOneHistory(previous, current);
    }

    /// <summary>Whether both are of one cluster on one timeline of one major version, the one after the other.</summary>
    public static bool IsOneHistory(BaseBackupStart previous, BaseBackupStart current) =>
        previous.SystemIdentifier == current.SystemIdentifier
        && previous.Timeline == current.Timeline
        && previous.StartLsn < current.StartLsn
        && previous.ServerVersion / 10000 == current.ServerVersion / 10000;

    /// <summary>Whether pieces of this file can be judged at all.</summary>
    /// <param name="previousSize">The file's size in the previous backup; null when it had none of that name.</param>
    public bool CanJudge(BaseBackupMember file, long? previousSize) =>
        _applies && file.Kind == BaseBackupMemberKind.File && file.Size == previousSize && RelationFiles.IsMainFork(file.Path);

    /// <summary>Whether the piece is unchanged. Call for files that can be judged only.</summary>
    /// <param name="pages">Whole pages, beginning at a page's boundary.</param>
    public bool IsUnchanged(ReadOnlySpan<byte> pages)
    {
        if (pages.IsEmpty || pages.Length % RelationFiles.PageBytes != 0)
        {
            return false;
        }

        for (var at = 0; at < pages.Length; at += RelationFiles.PageBytes)
        {
            if (!IsOlder(pages[at..]))
            {
                return false;
            }
        }

        return true;
    }

    // A position of 0 is a page that was never logged: new, or of an unlogged relation. It says nothing.
    private bool IsOlder(ReadOnlySpan<byte> page)
    {
        var changed = PositionOf(page);
        return changed.Position != 0 && changed < _before;
    }

    /// <summary>Where in the WAL the page was last changed.</summary>
    internal static Lsn PositionOf(ReadOnlySpan<byte> page) =>
        new(((ulong)MemoryMarshal.Read<uint>(page) << 32) | MemoryMarshal.Read<uint>(page[4..]));
}
