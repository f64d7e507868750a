namespace Capyd.Storage.Repository.Chunks;

/// <summary>The names of the repository's objects.</summary>
internal static class RepositoryNames
{
    /// <summary>base/packs/3f/3f2c….pack</summary>
    public const string Packs = "base/packs/";

    /// <summary>base/manifests/20261121T070000Z-….manifest</summary>
    public const string Manifests = "base/manifests/";

    private const string PackSuffix = ".pack";
    private const string ManifestSuffix = ".manifest";

    public static string NewPack() => Guid.NewGuid().ToString("N");

    public static ObjectName Pack(string name) => ObjectName.Parse($"{Packs}{name[..2]}/{name}{PackSuffix}");

    /// <summary>Null when the object is no pack.</summary>
    public static string? PackOf(ObjectName name) => Last(name, Packs, PackSuffix) is { Length: 32 } pack ? pack : null;

    /// <exception cref="FormatException">The name holds other characters than letters, digits, '.', '_' and '-'.</exception>
    public static ObjectName Manifest(string name) => name.Contains('/', StringComparison.Ordinal)
        ? throw new FormatException($"'{name}' cannot name a backup: use letters, digits, '.', '_' and '-'.")
        : ObjectName.Parse($"{Manifests}{name}{ManifestSuffix}");

    /// <summary>Null when the object is no manifest.</summary>
    public static string? ManifestOf(ObjectName name) => Last(name, Manifests, ManifestSuffix);

    private static string? Last(ObjectName name, string prefix, string suffix)
    {
        var text = name.ToString();
        return text.StartsWith(prefix, StringComparison.Ordinal) && text.EndsWith(suffix, StringComparison.Ordinal)
            ? Path.GetFileName(text)[..^suffix.Length]
            : null;
    }
}
