using System.Buffers.Binary;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Postgres.Wal.Neighbours;

/// <summary>Walks the pages of proven WAL and empties records on the way.</summary>
/// <param name="continued">What stands for the record that goes on at the first page; null when that is kept.</param>
internal sealed class NeighbourPages(IReadOnlySet<uint> databases, int major, EmptyRecord? continued)
{
    private readonly byte[] _head = new byte[BlockReferences.LongestHead];
    private EmptyRecord? _open = continued;

    /// <summary>What stands for the record that goes on at the next page; null when that is kept, or when none does.</summary>
    public EmptyRecord? Open => _open;

    /// <summary>Where a record begins on the page that was given last of which too little is there to tell; null when none does.</summary>
    public int? Undecided { get; private set; }

    /// <summary>Nothing was written from here on.</summary>
    public bool Ended { get; private set; }

    /// <param name="next">The page after it, for a record whose head lies on both; empty when it is not known.</param>
    /// <returns>Whether the page was changed.</returns>
    public bool Empty(Span<byte> page, ReadOnlySpan<byte> next)
    {
        var header = new WalPageHeader(page);
        Undecided = null;
        Ended |= header.IsEmpty;
        if (Ended)
        {
            return false;
        }

        var (offset, changed) = Continue(header, page);
        while (offset < page.Length && !Ended)
        {
            var total = BinaryPrimitives.ReadUInt32LittleEndian(page[offset..]);
            Ended = total < WalRecord.HeaderLength; // the rest of a segment after a switch, and what was not written yet
            if (!Ended)
            {
                changed |= EmptyOne(page, offset, total, next);
                offset = WalRecord.Align((int)Math.Min(total, page.Length - offset) + offset);
            }
        }

        return changed;
    }

    private (int Offset, bool Changed) Continue(WalPageHeader header, Span<byte> page)
    {
        var offset = header.Length;
        if (!header.ContinuesRecord || header.OverwritesRecord)
        {
            _open = null;
            return (offset, false);
        }

        var length = (int)Math.Min(header.RemainingLength, page.Length - offset);
        var changed = _open is not null;
        _open?.Fill(page.Slice(offset, length));
        _open = header.RemainingLength > length ? _open : null;
        return (WalRecord.Align(offset + length), changed);
    }

    /// <summary>Decides of a record that was left <see cref="Undecided"/>.</summary>
    /// <inheritdoc cref="Empty"/>
    public bool EmptyLast(Span<byte> page, ReadOnlySpan<byte> next) =>
        Undecided is { } offset && EmptyOne(page, offset, BinaryPrimitives.ReadUInt32LittleEndian(page[offset..]), next);

    private bool EmptyOne(Span<byte> page, int offset, uint total, ReadOnlySpan<byte> next)
    {
        var length = (int)Math.Min(total, page.Length - offset);
        var head = Head(page.Slice(offset, length), total, next);
        if (!BlockReferences.AreAllOf(databases, head, major) || EmptyRecord.InPlaceOf(head, total) is not { } empty)
        {
            Undecided = head.Length < Math.Min(total, BlockReferences.LongestHead) ? offset : null;
            return false;
        }

        empty.Fill(page.Slice(offset, length));
        _open = total > length ? empty : null;
        return true;
    }

    private ReadOnlySpan<byte> Head(ReadOnlySpan<byte> here, uint total, ReadOnlySpan<byte> next)
    {
        if (here.Length == total || here.Length >= BlockReferences.LongestHead || next.IsEmpty)
        {
            return here;
        }

        var header = new WalPageHeader(next);
        if (!header.ContinuesRecord || header.OverwritesRecord || header.RemainingLength != total - here.Length)
        {
            return here; // the record was given up when the server crashed
        }

        here.CopyTo(_head);
        var more = Math.Min(_head.Length - here.Length, (int)Math.Min(header.RemainingLength, next.Length - header.Length));
        next.Slice(header.Length, more).CopyTo(_head.AsSpan(here.Length));
        return _head.AsSpan(0, here.Length + more);
    }
}
