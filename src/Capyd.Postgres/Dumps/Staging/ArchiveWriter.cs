using System.Buffers;
using Capyd.Postgres.Tools;
using Microsoft.Win32.SafeHandles;

namespace Capyd.Postgres.Dumps;

/// <summary>Puts an archive down as a file that pg_restore can work on side by side at its best; several parts at a time.</summary>
internal sealed class ArchiveWriter(IReadOnlyList<ArchivePart> parts, string path, SafeFileHandle file, bool freeze)
{
    private const int BufferSize = 128 * 1024;
    private const int Lanes = 2;

    private readonly TaskCompletionSource<PlacedArchive> _placed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<ArchivePart> _waiting = new(LongestFirst(parts));

    public async Task<StagedArchive> WriteAsync(CancellationToken cancellationToken)
    {
        using var lanes = new SideBySide(cancellationToken);
        await lanes.EndAsync([.. Enumerable.Range(0, Math.Min(Lanes, parts.Count)).Select(_ => lanes.RunAsync(LaneAsync))]);
        var placed = await _placed.Task;
        foreach (var (place, encoded) in placed.Offsets())
        {
            await RandomAccess.WriteAsync(file, encoded, place, cancellationToken);
        }

        return placed.Learnt();
    }

    private async Task LaneAsync(CancellationToken cancellationToken)
    {
        while (Take() is { } part)
        {
            await (part.At == 0 ? part.Read(BeginAsync, cancellationToken) : ContinueAsync(part, cancellationToken));
        }
    }

    private ArchivePart? Take()
    {
        lock (_waiting)
        {
            return _waiting.TryDequeue(out var part) ? part : null;
        }
    }

    /// <summary>The first one says where the others belong; then the longest. The last one, of which that is not known, is last.</summary>
    private static IEnumerable<ArchivePart> LongestFirst(IReadOnlyList<ArchivePart> parts)
    {
        var ends = parts.Skip(1).Select(static part => part.At).Append(0);
        var lengths = parts.Zip(ends, static (part, end) => (Part: part, Length: end - part.At)).Skip(1);
        return parts.Take(1).Concat(lengths.OrderByDescending(static one => one.Length).Select(static one => one.Part));
    }

    private async Task BeginAsync(Stream plain, CancellationToken cancellationToken)
    {
        var head = await ArchiveHead.ReadAsync(plain, cancellationToken);
        var rewriter = head.Toc is { } toc ? new TocRewriter(toc, head.Buffer) : null;
        var written = rewriter?.Rewrite(freeze) ?? [];
        var placed = new PlacedArchive(head.Toc, rewriter, written.Length - (head.Toc?.Length ?? 0));
        _placed.SetResult(placed);
        await RandomAccess.WriteAsync(file, written, 0, cancellationToken);
        var blocks = placed.Follow(written.Length);
        blocks?.Follow(head.Rest.Span);
        await RandomAccess.WriteAsync(file, head.Rest, written.Length, cancellationToken);
        await CopyAsync(plain, written.Length + head.Rest.Length, blocks, cancellationToken);
    }

    private async Task ContinueAsync(ArchivePart part, CancellationToken cancellationToken)
    {
        var placed = await _placed.Task.WaitAsync(cancellationToken);
        var place = part.At + placed.Shift;
        if (part.Placed is { } known && placed.Toc is not null)
        {
            await known.WriteAsync(path, place, cancellationToken);
            placed.Add(known.Blocks);
        }
        else
        {
            await part.Read((plain, token) => CopyAsync(plain, place, placed.Follow(place), token), cancellationToken);
        }
    }

    private async Task CopyAsync(Stream plain, long place, DataBlocks? blocks, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        int count;
        while ((count = await plain.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)) > 0)
        {
            blocks?.Follow(buffer.AsSpan(0, count));
            await RandomAccess.WriteAsync(file, buffer.AsMemory(0, count), place, cancellationToken);
            place += count;
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}
