using Capyd.Postgres.Dumps;
using Capyd.Storage.Repository;

namespace Capyd.Archives;

/// <summary>Unpacks the frames of a stored archive, each by itself, and compares each with what was written.</summary>
/// <param name="read">Told the share of the archive that has been read, 0–1.</param>
internal sealed class ArchiveUnpacker(IObjectStore objects, ZstdProgram zstd, ArchiveManifest manifest, Action<double> read)
{
    private long _read;

    public IReadOnlyList<ArchivePart> Parts(ObjectName archive, IReadOnlyList<ArchiveFrame> frames) =>
    [
        .. frames.Select((frame, index) =>
        {
            var ends = index + 1 < frames.Count ? frames[index + 1].StoredAt : manifest.SizeBytes;
            return new ArchivePart(frame.PlainAt, (consume, token) => UnpackAsync(archive, frame, ends, consume, token));
        }),
    ];

    /// <exception cref="InvalidDataException">The stored bytes are not what was written.</exception>
    private async Task UnpackAsync(
        ObjectName archive, ArchiveFrame frame, long ends, Func<Stream, CancellationToken, Task> consume, CancellationToken cancellation)
    {
        if (ends == manifest.SizeBytes)
        {
            await CompareSizeAsync(archive, cancellation);
        }

        using var pieces = new FramePieces(objects, archive, frame, ends);
        var objection = await zstd.DecompressAsync((input, token) => pieces.ReadAsync(piece => FeedAsync(input, piece, token), token), consume, cancellation);
        await pieces.ReadAsync(static _ => ValueTask.CompletedTask, cancellation);
        if (pieces.Sha256 is var found && found != frame.Sha256)
        {
            throw new InvalidDataException(
                $"{manifest.BackupKey} is not what was written: the SHA-256 of its frame at byte {frame.StoredAt} is {found}, and {frame.Sha256} was recorded");
        }

        if (objection is not null)
        {
            throw new IOException($"zstd did not unpack {manifest.BackupKey}, which is as it was written: {objection}. Perhaps there was too little memory; try again");
        }
    }

    private ValueTask FeedAsync(Stream input, ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        read(Math.Min(1, (double)Interlocked.Add(ref _read, piece.Length) / Math.Max(1, manifest.SizeBytes)));
        return input.WriteAsync(piece, cancellation);
    }

    private async Task CompareSizeAsync(ObjectName archive, CancellationToken cancellation)
    {
        var found = (await objects.FindAsync(archive, cancellation))?.Size ?? throw new ObjectMissingException(archive);
        if (found != manifest.SizeBytes)
        {
            throw new InvalidDataException($"{manifest.BackupKey} is not what was written: it has {found} bytes, and {manifest.SizeBytes} were recorded");
        }
    }
}
