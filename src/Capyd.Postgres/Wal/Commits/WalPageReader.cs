using System.Buffers.Binary;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal.Commits;

/// <summary>Walks the records of a segment page by page, checks each checksum and collects what ended.</summary>
internal sealed class WalPageReader(WalLineage lineage, WalSegmentName segment, OpenRecord? open, Action<TransactionEnd>? visit)
{
    /// <summary>Longer records (logical messages can be) are stepped over unchecked, so that a damaged length costs no memory.</summary>
    private const uint LongestChecked = 16 << 20;

    private const uint LongestPossible = 1020U << 20;

    private readonly CommitCollector _commits = new(segment);
    private byte[]? _room;
    private long _skip;
    private uint _timeline;

    /// <summary>The record that the segment's end cut through.</summary>
    public OpenRecord? Open { get; private set; } = open;

    /// <summary>The first page is of this place and cluster.</summary>
    public bool Entered { get; private set; }

    /// <summary>Nothing was written yet.</summary>
    public bool Blank { get; private set; }

    /// <summary>After a switch the rest of a segment is empty.</summary>
    public bool Switched { get; private set; }

    public Lsn ContentEnd { get; private set; } = segment.Start;

    public SegmentCommits Commits => _commits.Result();

    /// <returns>What is wrong; null when the page is sound.</returns>
    public string? Read(ReadOnlySpan<byte> page, Lsn address)
    {
        var header = new WalPageHeader(page);
        if (Switched && header.IsEmpty)
        {
            return null;
        }

        Blank = !Entered && header.IsEmpty;
        if (header.Problem(lineage, segment, address) is { } problem)
        {
            return problem;
        }

        if (header.Timeline < _timeline)
        {
            return $"the page at {address} goes back from timeline {_timeline} to {header.Timeline}.";
        }

        (_timeline, Entered) = (header.Timeline, true);
        return Switched ? null : Continue(header, page, address);
    }

    private string? Continue(WalPageHeader header, ReadOnlySpan<byte> page, Lsn address)
    {
        if (header.OverwritesRecord)
        {
            (Open, _skip) = (null, 0);
        }

        var offset = header.Length;
        if (Open is { } record)
        {
            if (!header.ContinuesRecord || header.RemainingLength != record.Missing)
            {
                return $"the record at {record.Start} does not go on at {address}.";
            }

            var part = page.Slice(offset, Math.Min(record.Missing, page.Length - offset));
            record.Append(part);
            offset += part.Length;
            if (record.Missing > 0)
            {
                return null;
            }

            (_room, Open) = (record.Room, null);
            if (Take(new WalRecord(record.Bytes, record.Start), record.Start, address, offset) is { } damage)
            {
                return damage;
            }
        }
        else if (header.ContinuesRecord)
        {
            _skip = header.RemainingLength;
            offset = StepOver(page.Length, offset);
        }
        else if (_skip > 0)
        {
            return $"the record before {address} does not go on there.";
        }

        return Switched ? null : Records(page, WalRecord.Align(offset), address);
    }

    private string? Records(ReadOnlySpan<byte> page, int offset, Lsn address)
    {
        while (offset < page.Length && _skip == 0 && !Switched)
        {
            var start = new Lsn(address.Position + (ulong)offset);
            var total = BinaryPrimitives.ReadUInt32LittleEndian(page[offset..]);
            if (total is < WalRecord.HeaderLength or > LongestPossible)
            {
                return total == 0 ? $"it ends at {start} without a switch." : $"the record at {start} claims a length of {total} bytes.";
            }

            var available = page.Length - offset;
            if (total > available)
            {
                Begin(page[offset..], start, total);
                return null;
            }

            var record = new WalRecord(page.Slice(offset, (int)total), start);
            offset += (int)total;
            if (Take(record, start, address, offset) is { } damage)
            {
                return damage;
            }

            offset = WalRecord.Align(offset);
        }

        return null;
    }

    private void Begin(ReadOnlySpan<byte> part, Lsn start, uint total)
    {
        if (total > LongestChecked)
        {
            _skip = total - part.Length;
            return;
        }

        Open = new OpenRecord(start, (int)total, _room);
        Open.Append(part);
    }

    private string? Take(WalRecord record, Lsn start, Lsn page, int endOffset)
    {
        if (!record.IsIntact())
        {
            return $"the record at {start} has a wrong checksum.";
        }

        ContentEnd = new Lsn(page.Position + (ulong)WalRecord.Align(endOffset));
        Switched = record.IsSwitch;
        if (record.AsTransactionEnd() is { } end)
        {
            _commits.Add(end);
            visit?.Invoke(end);
        }

        _commits.Add(record.AsRestorePoint());
        return null;
    }

    private int StepOver(int pageLength, int offset)
    {
        var step = (int)Math.Min(_skip, pageLength - offset);
        _skip -= step;
        return offset + step;
    }
}
