using System.Text.Json;
using Capyd.Postgres.Streams;

namespace Capyd.Postgres.BaseBackups;

/// <summary>The checksums of an earlier backup's files, from its backup_manifest.</summary>
internal sealed class EarlierChecksums
{
    private readonly Dictionary<ulong, long> _checksums = [];

    private EarlierChecksums()
    {
    }

    /// <returns>Null when the manifest is missing or damaged.</returns>
    public static async Task<EarlierChecksums?> ReadAsync(IEarlierBaseBackup earlier, CancellationToken ct)
    {
        if (earlier.Find(ManifestWriting.File) is not { } manifest)
        {
            return null;
        }

        var read = new EarlierChecksums();
        using var reading = new ManifestReading(file => read._checksums[ArrivedFiles.Key(file.Path)] = file.Checksum);
        try
        {
            await using var content = await earlier.OpenAsync(manifest, ct);
            await using var observed = new ObservedStream(content, bytes => reading.Add(bytes.Span));
            await observed.DrainAsync(ct);
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException)
        {
            return null;
        }

        return reading.Problem is null ? read : null;
    }

    public uint? Of(string path) => _checksums.TryGetValue(ArrivedFiles.Key(path), out var checksum) ? (uint)checksum : null;
}
