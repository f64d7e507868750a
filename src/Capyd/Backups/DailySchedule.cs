using System.Security.Cryptography;
using System.Text;

namespace Capyd.Backups;

/// <summary>When a daily schedule is due. Pure; times are UTC.</summary>
internal static class DailySchedule
{
    /// <summary>How late a missed run is still caught up.</summary>
    public static readonly TimeSpan CatchUp = TimeSpan.FromHours(24);

    private const int JitterSeconds = 90;

    /// <summary>The newest instant at which the schedule was due at <paramref name="now"/>.</summary>
    public static DateTimeOffset LastDue(int hour, int minute, DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddHours(hour).AddMinutes(minute);
        return today <= now ? today : today.AddDays(-1);
    }

    /// <summary>The instant to run for, or null: nothing is due, it was handled, it lies before the schedule was made, or too far back.</summary>
    public static DateTimeOffset? DueNow(int hour, int minute, DateTimeOffset changedAt, DateTimeOffset? lastHandled, TimeSpan jitter, DateTimeOffset now)
    {
        var due = LastDue(hour, minute, now);
        return due <= lastHandled || due < changedAt || now - due >= CatchUp || now < due + jitter ? null : due;
    }

    /// <summary>Spreads schedules of one minute over the next; always the same for one project.</summary>
    public static TimeSpan Jitter(ProjectId project) =>
        TimeSpan.FromSeconds(SHA256.HashData(Encoding.UTF8.GetBytes(project.ToString()))[0] % JitterSeconds);
}
