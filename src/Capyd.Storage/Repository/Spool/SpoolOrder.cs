namespace Capyd.Storage.Repository.Spool;

/// <summary>In which order objects leave the spool.</summary>
internal static class SpoolOrder
{
    private const string Wal = "wal/";
    private const string Keys = "keys/";

    public static bool IsWal(ObjectName name) => name.ToString().StartsWith(Wal, StringComparison.Ordinal);

    /// <summary>Whether it makes other objects count: it is stored after them and removed before them.</summary>
    public static bool IsMarker(ObjectName name)
    {
        var text = name.ToString();
        return !IsKey(text) && (text.EndsWith(".json", StringComparison.Ordinal) || text.EndsWith(".manifest", StringComparison.Ordinal));
    }

    /// <summary>Keys first, since without them the rest is worth nothing; then WAL.</summary>
    public static int RankOf(ObjectName name) => IsKey(name.ToString()) ? 0 : IsWal(name) ? 1 : 2;

    private static bool IsKey(string text) => text.StartsWith(Keys, StringComparison.Ordinal);
}
