using System.Buffers;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Writes the files of a data directory; runs of zeros become holes. Safe for several threads.</summary>
internal sealed class FileWriting(BaseBackupRestoreRequest request, RestorePaths paths)
{
    private const int PieceBytes = 256 * 1024;

    private long _files;
    private long _written;
    private long _skipped;

    public long Files => _files;

    public long WrittenBytes => _written;

    public long SkippedBytes => _skipped;

    public async Task WriteAsync(BaseBackupMember file, CancellationToken ct)
    {
        await using var target = new FileStream(paths.Of(file.Path), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = file.Mode | UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        if (IsWanted(file))
        {
            await using var content = await request.Contents.OpenAsync(file, ct);
            await CopyAsync(content, target, ct);
        }
        else
        {
            target.SetLength(file.Size);
            Interlocked.Add(ref _skipped, file.Size);
        }

        if (request.Durable)
        {
            target.Flush(flushToDisk: true);
        }

        Interlocked.Increment(ref _files);
    }

    private bool IsWanted(BaseBackupMember file) =>
        request.Databases is null || RelationFiles.DatabaseOf(file.Path) is not { } database || request.Databases.Contains(database);

    private async Task CopyAsync(Stream content, FileStream target, CancellationToken ct)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            long at = 0;
            int count;
            while ((count = await content.ReadAtLeastAsync(piece.AsMemory(0, PieceBytes), PieceBytes, throwOnEndOfStream: false, ct)) > 0)
            {
                if (piece.AsSpan(0, count).ContainsAnyExcept((byte)0))
                {
                    RandomAccess.Write(target.SafeFileHandle, piece.AsSpan(0, count), at);
                }

                at += count;
                var written = Interlocked.Add(ref _written, count);
                request.Progress?.Invoke(written);
            }

            RandomAccess.SetLength(target.SafeFileHandle, at);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
