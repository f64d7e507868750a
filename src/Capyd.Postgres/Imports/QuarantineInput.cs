namespace Capyd.Postgres.Imports;

/// <summary>Opens foreign files and holds them to the limit.</summary>
internal static class QuarantineInput
{
    private const int BufferSize = 256 * 1024;

    public static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, useAsync: true);

    public static async Task<ImportFormat> DetectAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        var head = new byte[FormatDetector.HeadBytes];
        var count = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return FormatDetector.Detect(head.AsSpan(0, count));
    }

    /// <exception cref="ImportRefusedException">There are more bytes than the limit allows.</exception>
    public static void RefuseAbove(long bytes, QuarantineLimits limits)
    {
        if (bytes > limits.UnpackedBytes)
        {
            throw new ImportRefusedException(
                $"Unpacked, the file is larger than the limit of {limits.UnpackedBytes} bytes. Raise the limit if it is meant to be so large.");
        }
    }
}
