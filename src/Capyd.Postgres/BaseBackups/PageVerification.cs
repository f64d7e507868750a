using System.Runtime.InteropServices;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>
/// Compares pages with their checksums as BASE_BACKUP does (trap 25). What was changed since the backup began is mended by replay and may
/// be torn; so may a page that is being written, which is read once again. Safe for several threads.
/// </summary>
/// <param name="start">Where replay begins.</param>
/// <param name="again">Reads a page once more, given its file and place in it; null when it is gone.</param>
internal sealed class PageVerification(Lsn start, long segmentBytes, Func<string, long, CancellationToken, Task<byte[]?>> again)
{
    private const int PageBytes = RelationFiles.PageBytes;
    private const int UpperAt = 14;
    private const int Quoted = 5;

    private readonly List<string> _damaged = [];
    private long _count;

    /// <param name="piece">What was read of the file; a page that was read again is put into it.</param>
    public async Task CheckAsync(string path, long offset, Memory<byte> piece, CancellationToken ct)
    {
        if (RelationFiles.SegmentOf(path) is not { } segment)
        {
            return;
        }

        for (var at = 0; at + PageBytes <= piece.Length; at += PageBytes)
        {
            var block = (uint)(((segment * segmentBytes) + offset + at) / PageBytes);
            if (!IsSound(piece.Span.Slice(at, PageBytes), block))
            {
                await ReadAgainAsync(path, offset + at, block, piece.Slice(at, PageBytes), ct);
            }
        }
    }

    /// <exception cref="BaseBackupFailedException">Pages are damaged.</exception>
    public void EnsureSound()
    {
        if (_count > 0)
        {
            throw ServerErrors.Damaged(_count, _damaged);
        }
    }

    private async Task ReadAgainAsync(string path, long place, uint block, Memory<byte> page, CancellationToken ct)
    {
        if (await again(path, place, ct) is not { Length: PageBytes } now)
        {
            return;
        }

        now.CopyTo(page);
        if (!IsSound(now, block))
        {
            Note($"{path}, page {block}: its checksum is {PageChecksum.Written(now):x4} and should be {PageChecksum.Of(now, block):x4}");
        }
    }

    private void Note(string problem)
    {
        lock (_damaged)
        {
            _count++;
            if (_damaged.Count < Quoted)
            {
                _damaged.Add(problem);
            }
        }
    }

    private bool IsSound(ReadOnlySpan<byte> page, uint block)
    {
        var isNew = MemoryMarshal.Read<ushort>(page[UpperAt..]) == 0;
        return isNew || UnchangedPages.PositionOf(page) >= start || PageChecksum.Of(page, block) == PageChecksum.Written(page);
    }
}
