using System.Security.Cryptography;
using Capyd.Archives;
using Capyd.Storage.Repository;

namespace Capyd.Repository;

/// <summary>Looks at the backups of single databases.</summary>
internal sealed class ArchiveCheck(IObjectStore objects, bool readData)
{
    private const string Folder = "backups/";
    private const string ArchiveSuffix = ".dump.zst";

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    public async Task<IReadOnlyList<CheckFinding>> RunAsync(IReadOnlyList<string> promised, Action<double> progress, CancellationToken cancellation)
    {
        var there = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var found in objects.ListAsync(Folder, cancellation))
        {
            there[found.Name.ToString()] = found.Size;
        }

        var keys = there.Keys.Select(name => name.EndsWith(".json", StringComparison.Ordinal) ? name[..^5] : name)
            .Where(name => name.EndsWith(ArchiveSuffix, StringComparison.Ordinal)).Concat(promised).Distinct(StringComparer.Ordinal).ToList();
        var findings = new List<CheckFinding>();
        foreach (var key in keys)
        {
            // Without a manifest it never was a backup, unless it was promised.
            if (there.ContainsKey(key + ".json") || promised.Contains(key))
            {
                Count++;
                findings.AddRange(await LookAsync(key, there, cancellation));
            }

            progress((double)Count / keys.Count);
        }

        return findings;
    }

    private async Task<IEnumerable<CheckFinding>> LookAsync(string key, Dictionary<string, long> there, CancellationToken cancellation)
    {
        if (!there.ContainsKey(key + ".json"))
        {
            return [new CheckFinding(key, "its manifest is missing")];
        }

        if (await ManifestAsync(key, cancellation) is not { } manifest)
        {
            return [new CheckFinding(key, "its manifest is damaged")];
        }

        var problem = !there.TryGetValue(key, out var size) ? "the archive is missing"
            : size != manifest.SizeBytes ? $"it has {size} bytes instead of {manifest.SizeBytes}"
            : readData && await DigestAsync(key, cancellation) != manifest.Sha256 ? "its bytes are not those that were written"
            : null;
        return problem is null ? [] : [new CheckFinding(key, $"project {manifest.ProjectName} ({manifest.ProjectId}): {problem}", manifest.CreatedAt)];
    }

    private async Task<ArchiveManifest?> ManifestAsync(string key, CancellationToken cancellation)
    {
        await using var stream = await objects.OpenReadAsync(ObjectName.Parse(key + ".json"), cancellation);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellation);
        try
        {
            return ArchiveManifest.Parse(bytes.ToArray());
        }
        catch (Exception e) when (e is InvalidDataException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private async Task<string> DigestAsync(string key, CancellationToken cancellation)
    {
        await using var stream = await objects.OpenReadAsync(ObjectName.Parse(key), cancellation);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }
}
