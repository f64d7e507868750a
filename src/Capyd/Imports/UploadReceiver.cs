using Capyd.Storage.Uploads;

namespace Capyd.Imports;

/// <summary>Takes a file into its slot: one at a time, whole or not at all.</summary>
internal sealed class UploadReceiver(MetadataDatabase metadata, UploadFiles files, BootId boot, TimeProvider clock)
{
    private const int NoSpaceLeft = 28;

    /// <summary>How long a whole file is kept.</summary>
    private static readonly TimeSpan ObjectLife = TimeSpan.FromHours(24);

    /// <param name="length">What the caller announced; null when it comes in chunks.</param>
    public async Task<UploadRow> ReceiveAsync(UploadId upload, long? length, Stream body, CancellationToken cancellation)
    {
        files.RefuseBeyondLimit(length);
        await metadata.WriteAsync(tx => Begin(tx, upload), cancellation);
        try
        {
            var written = await files.WriteAsync(upload, body, cancellation);
            return await metadata.WriteAsync(tx => Complete(tx, upload, written), CancellationToken.None);
        }
        catch (Exception e)
        {
            await metadata.WriteAsync(tx => { UploadStore.Reopen(tx, upload, boot.Value, clock.GetUtcNow()); }, CancellationToken.None);
            if (Refusal(e) is { } refusal)
            {
                throw refusal;
            }

            throw;
        }
    }

    private void Begin(MetadataTransaction tx, UploadId upload)
    {
        if (!UploadStore.Begin(tx, upload, boot.Value, clock.GetUtcNow()))
        {
            throw UploadStore.Find(tx, upload)?.State switch
            {
                UploadStates.Receiving => new CapydException(ErrorCode.WrongState, "this slot is being filled by another upload"),
                UploadStates.Uploaded => new CapydException(ErrorCode.WrongState, "this slot is used: it takes one file", "POST …/imports/uploads makes another"),
                _ => CapydException.NotFound("upload"),
            };
        }
    }

    private UploadRow Complete(MetadataTransaction tx, UploadId upload, ReceivedFile written)
    {
        var now = clock.GetUtcNow();
        return UploadStore.Complete(tx, upload, boot.Value, written.Size, written.Sha256, now + ObjectLife, now)
            ? UploadStore.Find(tx, upload)!
            : throw CapydException.NotFound("upload");
    }

    /// <summary>What the caller or the operator can mend; null for what goes on as it is.</summary>
    private static CapydException? Refusal(Exception e) => e switch
    {
        BadHttpRequestException => CapydException.Invalid("the upload ended before its last byte", "begin again; the slot is still open"),
        IOException io when (io.HResult & 0xffff) == NoSpaceLeft => new CapydException(
            ErrorCode.MetadataUnavailable, "there is no space left for this file", "free disk space on the file system of data_dir; nothing of the file was kept"),
        _ => null,
    };
}
