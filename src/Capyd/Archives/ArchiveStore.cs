using System.Globalization;
using Capyd.Postgres.Dumps;
using Capyd.Storage.Backups;
using Capyd.Storage.Projects;
using Capyd.Storage.Repository;

namespace Capyd.Archives;

/// <summary>Backups in the repository: <c>backups/PROJECT/TIME-ID.dump.zst</c>, a plain zstd of a pg_dump custom archive, and its manifest.</summary>
internal sealed class ArchiveStore(IObjectStore objects, ZstdProgram zstd)
{
    public static string NewKey(ProjectId project, BackupId backup, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"backups/{project}/{at:yyyyMMdd'T'HHmmss'Z'}-{backup}.dump.zst");

    private static ObjectName Archive(string key) => ObjectName.Parse(key);

    private static ObjectName Manifest(string key) => ObjectName.Parse(key + ".json");

    /// <summary>The manifest, or null when the archive was never finished.</summary>
    public async Task<ArchiveManifest?> FindManifestAsync(string key, CancellationToken cancellation)
    {
        if (!await objects.ExistsAsync(Manifest(key), cancellation))
        {
            return null;
        }

        await using var stream = await objects.OpenReadAsync(Manifest(key), cancellation);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellation);
        return ArchiveManifest.Parse(bytes.ToArray());
    }

    /// <summary>Writes the archive while it is dumped; it is visible and durable only when the dump has ended well.</summary>
    public async Task<PackedArchive> WriteAsync(
        string key, Func<Func<DumpedArchive, CancellationToken, Task>, CancellationToken, Task> dump, CancellationToken cancellation)
    {
        IReadOnlyList<ArchiveFrame> frames = [];
        var written = await objects.WriteAsync(
            Archive(key),
            (target, token) => dump(async (source, inner) => frames = await new ArchivePacker(zstd, source, target).PackAsync(inner), token),
            cancellation);
        return new PackedArchive(written.Size, written.Sha256, frames);
    }

    /// <summary>The completion marker: after this the backup is whole.</summary>
    public async Task<ArchiveManifest> PublishAsync(ProjectRow project, BackupRow backup, PackedArchive archive, Inventory inventory, CancellationToken cancellation)
    {
        var manifest = new ArchiveManifest(
            ArchiveManifest.CurrentFormat, backup.Id.ToString(), project.Id.ToString(), project.Name, project.Slug, backup.Label, backup.BackupKey,
            archive.Size, archive.Sha256, backup.CreatedAt, CapydVersion.Text, inventory)
        {
            RetentionDays = backup.RetentionDays, JobId = backup.JobId.ToString(), ScheduleId = backup.ScheduleId?.ToString(),
            Frames = archive.Frames,
        };
        await objects.WriteAsync(Manifest(backup.BackupKey), (stream, token) => stream.WriteAsync(manifest.ToJson(), token).AsTask(), cancellation);
        return manifest;
    }

    /// <summary>The plain archive; reading all of it proves that not a byte has changed since it was written.</summary>
    /// <param name="read">Told the share of the archive that has been read, 0–1.</param>
    public IReadOnlyList<ArchivePart> Open(ArchiveManifest manifest, Action<double> read) => manifest.Frames is { Count: > 0 } frames
        ? new ArchiveUnpacker(objects, zstd, manifest, read).Parts(Archive(manifest.BackupKey), frames)
        : [ArchivePart.Whole(token => OpenWholeAsync(manifest, read, token))];

    private async Task<Stream> OpenWholeAsync(ArchiveManifest manifest, Action<double> read, CancellationToken cancellation)
    {
        var stored = await objects.OpenReadAsync(Archive(manifest.BackupKey), cancellation);
        return new ZstdDecompressStream(new HashCheckedStream(stored, manifest, read), leaveOpen: false);
    }

    /// <summary>The manifest goes first: what has none is no backup.</summary>
    public async Task DeleteAsync(string key, CancellationToken cancellation)
    {
        await objects.DeleteAsync(Manifest(key), cancellation);
        await objects.DeleteAsync(Archive(key), cancellation);
    }
}
