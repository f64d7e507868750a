namespace Capyd.Postgres.Dumps;

/// <summary>Puts an archive down as a file that pg_restore can work on side by side at its best.</summary>
internal sealed class ArchiveWriter(Stream archive, FileStream file, bool freeze)
{
    private const int BufferSize = 256 * 1024;
    private const int LargestToc = 32 * 1024 * 1024;

    private readonly byte[][] _buffers = [new byte[BufferSize], new byte[BufferSize]];
    private byte[] _head = new byte[BufferSize];
    private int _headLength;

    public async Task<StagedArchive> WriteAsync(CancellationToken cancellationToken)
    {
        if (await ReadTocAsync(cancellationToken) is not { } toc)
        {
            await file.WriteAsync(_head.AsMemory(0, _headLength), cancellationToken);
            await CopyAsync(null, cancellationToken);
            return StagedArchive.Unknown;
        }

        var rewriter = new TocRewriter(toc, _head);
        var written = rewriter.Rewrite(freeze);
        await file.WriteAsync(written, cancellationToken);
        var blocks = new DataBlocks(toc.IntegerSize, written.Length);
        blocks.Follow(_head.AsSpan(toc.Length.._headLength));
        await file.WriteAsync(_head.AsMemory(toc.Length.._headLength), cancellationToken);
        _head = [];
        await CopyAsync(blocks, cancellationToken);
        return blocks.IsLost ? StagedArchive.Unknown : await FinishAsync(toc, rewriter, blocks, cancellationToken);
    }

    private async Task<StagedArchive> FinishAsync(ArchiveToc toc, TocRewriter rewriter, DataBlocks blocks, CancellationToken cancellationToken)
    {
        foreach (var (place, encoded) in rewriter.Offsets(blocks.Starts))
        {
            file.Position = place;
            await file.WriteAsync(encoded, cancellationToken);
        }

        return new StagedArchive(toc.Entries.ToDictionary(static entry => entry.DumpId), blocks.Lengths);
    }

    /// <summary>Reads until the table of contents is whole; null when it is of a kind that is not known here.</summary>
    private async Task<ArchiveToc?> ReadTocAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var count = await archive.ReadAtLeastAsync(_head.AsMemory(_headLength), _head.Length - _headLength, throwOnEndOfStream: false, cancellationToken);
            _headLength += count;
            var toc = ArchiveToc.Read(_head, _headLength, out var needsMore);
            if (toc is not null || !needsMore || count == 0 || _head.Length >= LargestToc)
            {
                return toc;
            }

            Array.Resize(ref _head, _head.Length * 2);
        }
    }

    /// <summary>Unpacks the next piece while the last one is written.</summary>
    private async Task CopyAsync(DataBlocks? blocks, CancellationToken cancellationToken)
    {
        var writing = Task.CompletedTask;
        for (var turn = 0; ; turn ^= 1)
        {
            var count = await archive.ReadAtLeastAsync(_buffers[turn], BufferSize, throwOnEndOfStream: false, cancellationToken);
            await writing;
            if (count == 0)
            {
                return;
            }

            blocks?.Follow(_buffers[turn].AsSpan(0, count));
            writing = file.WriteAsync(_buffers[turn].AsMemory(0, count), cancellationToken).AsTask();
        }
    }
}
