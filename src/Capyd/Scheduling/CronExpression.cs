using NCrontab;

namespace Capyd.Scheduling;

/// <summary>Instants by minute, hour, day, month and weekday, in UTC. Pure.</summary>
internal sealed class CronExpression
{
    private readonly CrontabSchedule _schedule;

    private CronExpression(CrontabSchedule schedule) => _schedule = schedule;

    /// <param name="text">Five fields, as the configuration has checked them.</param>
    public static CronExpression Parse(string text) => new(CrontabSchedule.Parse(text));

    /// <summary>The first instant after a time.</summary>
    public DateTimeOffset Next(DateTimeOffset after) => new(_schedule.GetNextOccurrence(after.UtcDateTime), TimeSpan.Zero);

    /// <summary>The newest instant after the last one that was handled, up to now; null when there is none yet.</summary>
    public DateTimeOffset? LastDue(DateTimeOffset handled, DateTimeOffset now)
    {
        DateTime? last = null;
        foreach (var instant in _schedule.GetNextOccurrences(handled.UtcDateTime, now.UtcDateTime.AddTicks(1)))
        {
            last = instant;
        }

        return last is { } due ? new DateTimeOffset(due, TimeSpan.Zero) : null;
    }

    /// <summary>Between the next two instants.</summary>
    public TimeSpan Interval(DateTimeOffset now)
    {
        var next = Next(now);
        return Next(next) - next;
    }
}
