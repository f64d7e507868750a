using System.Globalization;
using System.Text.RegularExpressions;

namespace Capyd.Postgres.Dumps;

/// <summary>Follows a pg_restore by what it says with <c>--verbose</c>: which table is loaded, and how much of the work is done.</summary>
internal sealed partial class LoadWatch
{
    /// <summary>What loading one byte and making one other thing weigh: the second half of a restore is indexes and constraints.</summary>
    private const double RowShare = 0.6;

    private readonly StagedArchive _archive;
    private readonly Action<TocEntry, ArchiveBlock?> _loaded;
    private readonly Action<double> _progress;
    private readonly double _allBytes;
    private readonly double _allOthers;
    private long _bytes;
    private int _others;

    public LoadWatch(StagedArchive archive, int listed, Action<TocEntry, ArchiveBlock?> loaded, Action<double> progress)
    {
        (_archive, _loaded, _progress) = (archive, loaded, progress);
        _allBytes = Math.Max(1, archive.Blocks.Values.Sum(static block => block.Length));
        _allOthers = Math.Max(1, listed - archive.Blocks.Count);
    }

    /// <returns>Whether the line is only for this; anything else belongs into the output that is kept.</returns>
    public bool Take(string line)
    {
        if (Finished().Match(line) is { Success: true } item)
        {
            Note(int.Parse(item.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        }

        return Chatter().IsMatch(line);
    }

    private void Note(int dumpId)
    {
        if (_archive.Blocks.TryGetValue(dumpId, out var block))
        {
            _bytes += block.Length;
        }
        else
        {
            _others++;
        }

        _progress(Math.Min(1, (RowShare * _bytes / _allBytes) + ((1 - RowShare) * _others / _allOthers)));
        if (_archive.Entries.TryGetValue(dumpId, out var entry) && entry.IsTableData)
        {
            _loaded(entry, block);
        }
    }

    [GeneratedRegex(@"^pg_restore: finished item (\d+) ")]
    private static partial Regex Finished();

    [GeneratedRegex(@"^pg_restore: (?!error|warning|detail|hint|fatal)")]
    private static partial Regex Chatter();
}
