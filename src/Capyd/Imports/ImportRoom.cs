using Capyd.Extensions;

namespace Capyd.Imports;

/// <summary>What a source has to fit into.</summary>
/// <param name="HostExtensions">Names of the extensions that this host has.</param>
internal sealed record ImportRoom(long StorageLimitBytes, int TargetMajor, IReadOnlySet<string> HostExtensions)
{
    /// <summary>The extensions that an import may bring.</summary>
    public IReadOnlySet<string> Extensions => ExtensionCatalog.All.Select(extension => extension.Name).Where(name => Problem(name) is null).ToHashSet(StringComparer.Ordinal);

    /// <summary>Why an import may not bring this extension; null when it may.</summary>
    public string? Problem(string extension) => ExtensionCatalog.Find(extension) switch
    {
        _ when extension == "plpgsql" => null,
        null => "not among the extensions that a project may have",
        _ when !HostExtensions.Contains(extension) => "not installed on this host",
        { Preload: not null and not "pg_stat_statements" } => "has to be loaded at the server's start",
        _ => null,
    };
}
