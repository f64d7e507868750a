using System.Globalization;
using Capyd.Storage.Repository;

namespace Capyd.Repository;

/// <summary>Copies of capyd's own metadata in the repository: <c>metadata/20261121T070000Z.db.zst</c>, each a plain zstd of one SQLite
/// file. Secrets in them stay sealed; the key that opens them is never in the repository.</summary>
internal sealed class MetadataSnapshotStore(IObjectStore objects)
{
    private const string Folder = "metadata/";
    private const string Suffix = ".db.zst";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private static readonly ZstdSettings Settings = new() { Level = 9 };

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<MetadataSnapshot>> ListAsync(CancellationToken cancellation)
    {
        var found = new List<MetadataSnapshot>();
        await foreach (var stored in objects.ListAsync(Folder, cancellation))
        {
            if (TimeOf(stored.Name) is { } at)
            {
                found.Add(new MetadataSnapshot(stored.Name, at, stored.Size));
            }
        }

        return [.. found.OrderBy(snapshot => snapshot.At)];
    }

    /// <summary>Stores a copy that is in a file; durable when it returns.</summary>
    public async Task<MetadataSnapshot> WriteAsync(string file, DateTimeOffset at, CancellationToken cancellation)
    {
        var name = ObjectName.Parse($"{Folder}{at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}{Suffix}");
        await using var source = File.OpenRead(file);
        var written = await objects.WriteAsync(
            name,
            async (target, token) =>
            {
                await using var zstd = new ZstdCompressStream(target, Settings, leaveOpen: true);
                await source.CopyToAsync(zstd, token);
                await zstd.CompleteAsync(token);
            },
            cancellation);
        return new MetadataSnapshot(name, at, written.Size);
    }

    /// <summary>The SQLite file; damage shows when it is read.</summary>
    public async Task<Stream> OpenAsync(MetadataSnapshot snapshot, CancellationToken cancellation) =>
        new ZstdDecompressStream(await objects.OpenReadAsync(snapshot.Name, cancellation), leaveOpen: false);

    public Task DeleteAsync(MetadataSnapshot snapshot, CancellationToken cancellation) => objects.DeleteAsync(snapshot.Name, cancellation);

    private static DateTimeOffset? TimeOf(ObjectName name)
    {
        var file = Path.GetFileName(name.ToString());
        return file.EndsWith(Suffix, StringComparison.Ordinal)
            && DateTimeOffset.TryParseExact(
                file[..^Suffix.Length], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
                ? at
                : null;
    }
}
