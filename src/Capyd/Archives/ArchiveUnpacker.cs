using Capyd.Postgres.Dumps;
using Capyd.Storage.Repository;

namespace Capyd.Archives;

/// <summary>Unpacks the frames of a stored archive, each by itself, and compares each with what was written.</summary>
/// <param name="read">Told the share of the archive that has been read, 0–1.</param>
internal sealed class ArchiveUnpacker(IObjectStore objects, ZstdProgram zstd, ArchiveManifest manifest, Action<double> read)
{
    private long _read;

    public IReadOnlyList<ArchivePart> Parts(ObjectName archive, IReadOnlyList<ArchiveFrame> frames) =>
        [.. frames.Select((frame, index) => Part(new StoredFrame(archive, frame, index + 1 < frames.Count ? frames[index + 1].StoredAt : manifest.SizeBytes)))];

    private ArchivePart Part(StoredFrame stored) =>
        new(stored.Frame.PlainAt, (consume, token) => UnpackAsync(stored, (feed, inner) => zstd.DecompressAsync(feed, consume, inner), token))
        {
            Placed = stored.Frame.Blocks is not { } blocks ? null : new PlacedPart(
                blocks, (file, at, token) => UnpackAsync(stored, (feed, inner) => zstd.DecompressIntoAsync(feed, (file, at), inner), token)),
        };

    /// <param name="unpack">Given who feeds zstd; returns what zstd had to say against the frame, or null.</param>
    /// <exception cref="InvalidDataException">The stored bytes are not what was written.</exception>
    private async Task UnpackAsync(
        StoredFrame stored, Func<Func<Stream, CancellationToken, Task>, CancellationToken, Task<string?>> unpack, CancellationToken cancellation)
    {
        if (stored.Ends == manifest.SizeBytes)
        {
            await CompareSizeAsync(stored.Archive, cancellation);
        }

        using var pieces = new FramePieces(objects, stored);
        var objection = await unpack((input, token) => pieces.ReadAsync(piece => FeedAsync(input, piece, token), token), cancellation);
        await pieces.ReadAsync(static _ => ValueTask.CompletedTask, cancellation);
        if (pieces.Sha256 is var found && found != stored.Frame.Sha256)
        {
            throw new InvalidDataException(
                $"{manifest.BackupKey} is not what was written: the SHA-256 of its frame at byte {stored.Frame.StoredAt} is {found}, and {stored.Frame.Sha256} was recorded");
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
