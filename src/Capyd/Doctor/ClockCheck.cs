using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Doctor;

/// <summary>Recovery to a moment is worth what the clock is worth.</summary>
internal static class ClockCheck
{
    private static readonly TimeSpan Agreement = TimeSpan.FromSeconds(5);

    /// <summary>Where the usual keepers of the time leave a sign of life.</summary>
    private static readonly string[] Keepers = ["/run/systemd/timesync/synchronized", "/run/chrony", "/run/ntpd.pid", "/run/ntpsec", "/run/openntpd.pid"];

    public static Finding Run(ServerCondition? server, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (server is not null && (server.Clock - now).Duration() > Agreement)
        {
            return Finding.Fail("clock", string.Create(CultureInfo.InvariantCulture, $"PostgreSQL's clock and capyd's differ by {(server.Clock - now).TotalSeconds:0} s"), "let one machine, with one clock, run both");
        }

        return Keepers.Any(Path.Exists)
            ? Finding.Pass("clock", string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd HH:mm:ss} UTC, kept right by a time service"))
            : Finding.Warn("clock", string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd HH:mm:ss} UTC, and no time service was seen; a clock that leaps misplaces schedules and moments of recovery"), "apt install systemd-timesyncd (a container keeps its host's time)");
    }
}
