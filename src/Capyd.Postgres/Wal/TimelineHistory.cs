using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>How a timeline came about: the timelines it descends from, and where each was left.</summary>
public sealed class TimelineHistory
{
    private TimelineHistory(TimelineId timeline, IReadOnlyList<TimelineSwitch> switches)
    {
        Timeline = timeline;
        Switches = switches;
    }

    public TimelineId Timeline { get; }

    /// <summary>Oldest first; empty for timeline 1.</summary>
    public IReadOnlyList<TimelineSwitch> Switches { get; }

    /// <summary>A timeline without a history file, as timeline 1 is.</summary>
    public static TimelineHistory Root(TimelineId timeline) => new(timeline, []);

    /// <param name="timeline">The one that the file is named for.</param>
    /// <param name="text">What the file holds.</param>
    /// <exception cref="FormatException">A line is no history, or the timelines or positions do not ascend.</exception>
    public static TimelineHistory Parse(TimelineId timeline, string text)
    {
        var switches = text.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0 && line[0] != '#').Select(ParseLine).ToList();
        var parents = switches.Select(static s => s.Parent).Append(timeline).ToList();
        if (parents.Zip(parents.Skip(1)).Any(static pair => pair.First >= pair.Second)
            || switches.Zip(switches.Skip(1)).Any(static pair => pair.First.At > pair.Second.At))
        {
            throw new FormatException($"The history of timeline {timeline} is damaged: its timelines or positions do not ascend.");
        }

        return new TimelineHistory(timeline, switches);
    }

    /// <summary>The timeline whose segments hold this position on the way to <see cref="Timeline"/>.</summary>
    public TimelineId TimelineAt(Lsn position) =>
        Switches.FirstOrDefault(s => position < s.At)?.Parent ?? Timeline;

    /// <summary>Whether what was written on a timeline up to a position is part of this history.</summary>
    public bool Descends(TimelineId from, Lsn position) =>
        from == Timeline || Switches.Any(s => s.Parent == from && position <= s.At);

    /// <summary>The pieces, timeline by timeline, that lead from one position to another.</summary>
    public IEnumerable<(TimelineId Timeline, WalRange Range)> Path(Lsn from, Lsn to)
    {
        foreach (var (timeline, end) in Switches.Select(static s => (s.Parent, (Lsn?)s.At)).Append((Timeline, null)))
        {
            var stop = end is { } at && at < to ? at : to;
            if (from < stop)
            {
                yield return (timeline, new WalRange(from, stop));
                from = stop;
            }
        }
    }

    private static TimelineSwitch ParseLine(string line)
    {
        var parts = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
        return parts.Length >= 2
            && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var parent)
            && parent > 0
            && Lsn.TryParse(parts[1], out var at)
                ? new TimelineSwitch(new TimelineId(parent), at, parts.Length > 2 ? parts[2] : "")
                : throw new FormatException($"\"{line}\" is no line of a timeline history; one looks like: 1\t0/3000000\tno recovery target specified");
    }
}
