using Capyd.Storage.Settings;

namespace Capyd.BaseBackups;

/// <summary>Remembers that packs may hold what no base backup refers to any more.</summary>
internal static class GarbageDue
{
    private const string Setting = "base_backup_garbage";
    private const string Due = "due";

    public static bool Is(MetadataSession session) => SettingStore.Get(session, Setting) == Due;

    public static void Set(MetadataTransaction tx) => SettingStore.Set(tx, Setting, Due);

    public static void Clear(MetadataTransaction tx) => SettingStore.Set(tx, Setting, "");
}
