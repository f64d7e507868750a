using Capyd.Postgres.Streams;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Compares a base backup as it is kept with the server's own list of it.</summary>
/// <param name="reusesPages">Pieces of relations were taken over from an earlier backup by the positions of their pages: those
/// may differ from what the server sent by hint bits, so of relations only the size is compared.</param>
public sealed class BaseBackupVerification(bool reusesPages)
{
    private const string ManifestFile = "backup_manifest";
    private const int BufferBytes = 128 * 1024;

    private readonly ArrivedFiles _read = new();

    /// <summary>Reads a file through. Safe for several threads.</summary>
    public async Task ReadAsync(BaseBackupMember file, Stream content, CancellationToken cancellationToken)
    {
        var checksum = new Crc32C();
        long size = 0;
        var buffer = new byte[BufferBytes];
        int count;
        while ((count = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            checksum.Add(buffer.AsSpan(0, count));
            size += count;
        }

        if (file.Path == ManifestFile)
        {
            return;
        }

        lock (_read)
        {
            _read.Add(file.Path, reusesPages && RelationFiles.IsMainFork(file.Path) ? null : checksum.Value, size);
        }
    }

    /// <summary>To be called when every file was read.</summary>
    /// <returns>What differs; null when nothing does.</returns>
    public async Task<string?> CompareAsync(IBaseBackupContents contents, CancellationToken cancellationToken)
    {
        if (contents.Members.FirstOrDefault(static member => member.Path == ManifestFile) is not { } manifest)
        {
            return "The base backup holds no backup_manifest.";
        }

        try
        {
            using var comparison = new ManifestComparison(_read);
            await using var content = await contents.OpenAsync(manifest, cancellationToken);
            await using var observed = new ObservedStream(content, bytes => comparison.Add(bytes.Span));
            await observed.DrainAsync(cancellationToken);
            comparison.Complete();
            return null;
        }
        catch (BaseBackupFailedException e)
        {
            return e.Message;
        }
    }
}
