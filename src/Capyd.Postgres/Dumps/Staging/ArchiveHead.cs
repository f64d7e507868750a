namespace Capyd.Postgres.Dumps;

/// <summary>The first bytes of an archive: its table of contents, where it is of a known kind, and perhaps some data.</summary>
/// <param name="Toc">Null when these bytes begin with none that is known here.</param>
internal sealed record ArchiveHead(byte[] Buffer, int Length, ArchiveToc? Toc)
{
    private const int FirstSize = 256 * 1024;
    private const int LargestToc = 32 * 1024 * 1024;

    /// <summary>What follows the table of contents, or all when there is none.</summary>
    public ReadOnlyMemory<byte> Rest => Buffer.AsMemory((Toc?.Length ?? 0)..Length);

    /// <summary>Reads until the table of contents is whole.</summary>
    public static async Task<ArchiveHead> ReadAsync(Stream archive, CancellationToken cancellationToken)
    {
        var bytes = new byte[FirstSize];
        for (var length = 0; ;)
        {
            var count = await archive.ReadAtLeastAsync(bytes.AsMemory(length), bytes.Length - length, throwOnEndOfStream: false, cancellationToken);
            length += count;
            var toc = ArchiveToc.Read(bytes, length, out var needsMore);
            if (toc is not null || !needsMore || count == 0 || bytes.Length >= LargestToc)
            {
                return new ArchiveHead(bytes, length, toc);
            }

            Array.Resize(ref bytes, bytes.Length * 2);
        }
    }
}
