using Capyd.Storage.Repository;
using Capyd.Storage.Uploads;

namespace Capyd.Imports;

/// <param name="Size">In bytes.</param>
/// <param name="Sha256">64 lower-case hex digits.</param>
internal sealed record ReceivedFile(long Size, string Sha256);

/// <summary>Uploaded files on disk: <c>uploads/UPLOAD</c> once whole, <c>uploads/UPLOAD.RANDOM.part</c> while they arrive.</summary>
internal sealed class UploadFiles(DataDirectory directories, CapydOptions options)
{
    private const int BufferSize = 1 << 17;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string PathOf(UploadId upload) => Path.Combine(directories.Uploads, upload.ToString());

    /// <summary>Durable under its final name when this returns; nothing is left of it when this throws.</summary>
    public async Task<ReceivedFile> WriteAsync(UploadId upload, Stream body, CancellationToken cancellation)
    {
        var partial = $"{PathOf(upload)}.{Guid.NewGuid():n}.part";
        try
        {
            var written = await CopyAsync(body, partial, cancellation);
            DurableFile.Replace(partial, PathOf(upload));
            return written;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <exception cref="CapydException">413: more than the operator allows.</exception>
    public void RefuseBeyondLimit(long? bytes)
    {
        var limit = options.Imports.MaxUploadBytes;
        if (bytes > limit)
        {
            throw new CapydException(ErrorCode.BodyTooLarge, $"the file is larger than {limit} bytes", "imports.max_upload_size in capyd.yaml sets the limit; pg_dump -Fc makes small files");
        }
    }

    public void Delete(UploadId upload) => File.Delete(PathOf(upload));

    /// <summary>Removes what belongs to no whole and no arriving upload.</summary>
    /// <param name="rows">Asked after the files were listed, so that a new file is not taken for an old one.</param>
    public void RemoveStrays(Func<IReadOnlyList<UploadRow>> rows)
    {
        var files = Directory.GetFiles(directories.Uploads);
        var states = files.Length == 0 ? [] : rows().ToDictionary(row => row.Id.ToString(), row => row.State);
        foreach (var file in files)
        {
            var name = Path.GetFileName(file);
            var state = states.GetValueOrDefault(name.Split('.')[0]);
            if (state != UploadStates.Receiving && !(state == UploadStates.Uploaded && !name.EndsWith(".part", StringComparison.Ordinal)))
            {
                File.Delete(file);
            }
        }
    }

    private async Task<ReceivedFile> CopyAsync(Stream body, string path, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0, UnixCreateMode = Private,
        });
        await using var hashed = new HashingStream(file);
        var buffer = new byte[BufferSize];
        while (await body.ReadAtLeastAsync(buffer, BufferSize, throwOnEndOfStream: false, cancellation) is > 0 and var count)
        {
            RefuseBeyondLimit(hashed.Length + count);
            await hashed.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }

        file.Flush(flushToDisk: true);
        return hashed.Length > 0 ? new ReceivedFile(hashed.Length, hashed.Sha256) : throw CapydException.Invalid("the file is empty", "upload what pg_dump wrote");
    }
}
