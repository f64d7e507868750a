using Capyd.Postgres.BaseBackups;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.BaseBackups;

/// <summary>A member of a base backup and the entry of a manifest say the same in the words of the two leaves.</summary>
internal static class StoredMember
{
    public static ManifestEntry EntryOf(BaseBackupMember member) =>
        new(KindOf(member.Kind), member.Path, (int)member.Mode, Math.Max(0, member.Size), member.ModifiedAt) { LinkTarget = member.LinkTarget };

    public static BaseBackupMember Of(ManifestEntry entry) =>
        new(KindOf(entry.Kind), entry.Path, (UnixFileMode)entry.Mode, entry.Size, entry.ModifiedAt) { LinkTarget = entry.LinkTarget };

    private static ManifestEntryKind KindOf(BaseBackupMemberKind kind) => kind switch
    {
        BaseBackupMemberKind.Directory => ManifestEntryKind.Directory,
        BaseBackupMemberKind.SymbolicLink => ManifestEntryKind.SymbolicLink,
        _ => ManifestEntryKind.File,
    };

    private static BaseBackupMemberKind KindOf(ManifestEntryKind kind) => kind switch
    {
        ManifestEntryKind.Directory => BaseBackupMemberKind.Directory,
        ManifestEntryKind.SymbolicLink => BaseBackupMemberKind.SymbolicLink,
        _ => BaseBackupMemberKind.File,
    };
}
