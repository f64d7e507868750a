namespace Capyd.Storage.Repository.Spool;

/// <summary>In which order objects leave the spool.</summary>
internal static class SpoolOrder
{
    private const string Wal = "wal/";

    public static bool IsWal(ObjectName name) => name.ToString().StartsWith(Wal, StringComparison.Ordinal);

    /// <summary>Whether it makes other objects count: it is stored after them and removed before them.</summary>
    public static bool IsMarker(ObjectName name)
    {
        var text = name.ToString();
        return text.EndsWith(".json", StringComparison.Ordinal) || text.EndsWith(".manifest", StringComparison.Ordinal);
    }
}
