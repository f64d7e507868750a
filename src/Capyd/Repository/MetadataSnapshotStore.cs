using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Repository;

namespace Capyd.Repository;

/// <summary>Copies of capyd's own metadata in the repository: <c>metadata/7412345678901234567/20261121T070000Z.db.zst</c>, below the
/// system identifier of the server that they are about, each a plain zstd of one SQLite file. Copies of a capyd of before lie in
/// <c>metadata/</c> itself. Secrets in them stay sealed; the key that opens them is never in the repository.</summary>
internal sealed class MetadataSnapshotStore(IObjectStore objects)
{
    private const string Folder = "metadata/";
    private const string Suffix = ".db.zst";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private static readonly ZstdSettings Settings = new() { Level = 9 };

    /// <summary>What may be about that server; oldest first.</summary>
    public async Task<IReadOnlyList<MetadataSnapshot>> ListAsync(SystemIdentifier system, CancellationToken cancellation) =>
        [.. (await ListAsync(cancellation)).Where(snapshot => snapshot.IsAbout(system))];

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<MetadataSnapshot>> ListAsync(CancellationToken cancellation)
    {
        var found = new List<MetadataSnapshot>();
        await foreach (var stored in objects.ListAsync(Folder, cancellation))
        {
            if (Parse(stored) is { } snapshot)
            {
                found.Add(snapshot);
            }
        }

        return [.. found.OrderBy(snapshot => snapshot.At)];
    }

    /// <summary>Stores a copy that is in a file; durable when it returns.</summary>
    public async Task<MetadataSnapshot> WriteAsync(string file, SystemIdentifier system, DateTimeOffset at, CancellationToken cancellation)
    {
        var name = ObjectName.Parse($"{Folder}{system}/{at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}{Suffix}");
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
        return new MetadataSnapshot(name, system, at, written.Size);
    }

    /// <summary>The SQLite file; damage shows when it is read.</summary>
    public async Task<Stream> OpenAsync(MetadataSnapshot snapshot, CancellationToken cancellation) =>
        new ZstdDecompressStream(await objects.OpenReadAsync(snapshot.Name, cancellation), leaveOpen: false);

    public Task DeleteAsync(MetadataSnapshot snapshot, CancellationToken cancellation) => objects.DeleteAsync(snapshot.Name, cancellation);

    /// <returns>Null for what is no copy.</returns>
    private static MetadataSnapshot? Parse(StoredObject stored) => stored.Name.ToString()[Folder.Length..].Split('/') switch
    {
        [var server, var file] when SystemIdentifier.TryParse(server, out var system) && TimeOf(file) is { } at => new(stored.Name, system, at, stored.Size),
        [var file] when TimeOf(file) is { } at => new(stored.Name, null, at, stored.Size),
        _ => null,
    };

    private static DateTimeOffset? TimeOf(string file) =>
        file.EndsWith(Suffix, StringComparison.Ordinal)
        && DateTimeOffset.TryParseExact(
            file[..^Suffix.Length], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : null;
}
