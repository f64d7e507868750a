using Capyd.Storage.Alerts;
using Capyd.Storage.Projects;

namespace Capyd.Alerts;

/// <summary>Opens, changes and resolves alerts as readings come in, and tells the listeners.</summary>
internal sealed class AlertBook(IEnumerable<IAlertListener> listeners)
{
    /// <summary>Whether recording it would write anything; most readings change nothing, and a commit is not free.</summary>
    public static bool Matters(AlertRow? open, AlertReading reading, DateTimeOffset now)
    {
        var severity = AlertPolicy.Severity(open?.Severity, reading);
        return open?.Severity != severity || AlertPolicy.Change(open, severity, now) is not null || (open is not null && Moved(open, reading));
    }

    /// <summary>At most one alert of a kind is open: <paramref name="open"/> is it, read in this transaction.</summary>
    public void Record(MetadataTransaction tx, ProjectRow project, AlertRow? open, AlertReading reading, DateTimeOffset now)
    {
        var severity = AlertPolicy.Severity(open?.Severity, reading);
        var change = AlertPolicy.Change(open, severity, now);
        var next = Next(project, open, reading, severity, now);
        if (next is null)
        {
            return;
        }

        next = change is null ? next : next with { LastNotifiedAt = now };
        Store(tx, open, next);
        Tell(tx, next, change);
    }

    /// <summary>Ends an alert without telling anybody, as when its project is gone.</summary>
    public static void Close(MetadataTransaction tx, AlertRow open, DateTimeOffset now) => AlertStore.Update(tx, open with { ResolvedAt = now });

    private static AlertRow? Next(ProjectRow project, AlertRow? open, AlertReading reading, string? severity, DateTimeOffset now) => (open, severity) switch
    {
        (null, null) => null,
        (null, not null) => new AlertRow
        {
            Id = AlertId.New(), ProjectId = project.Id, OrganizationId = project.OrganizationId, Kind = reading.Kind, Severity = severity,
            ObservedValue = reading.Observed, LimitValue = reading.Limit, TriggeredAt = now,
        },
        (not null, null) => open with { ObservedValue = reading.Observed, LimitValue = reading.Limit, ResolvedAt = now },
        (not null, not null) => open with { Severity = severity, ObservedValue = reading.Observed, LimitValue = reading.Limit },
    };

    private static void Store(MetadataTransaction tx, AlertRow? open, AlertRow next)
    {
        if (open is null)
        {
            AlertStore.Insert(tx, next);
        }
        else
        {
            AlertStore.Update(tx, next);
        }
    }

    private void Tell(MetadataTransaction tx, AlertRow alert, AlertChange? change)
    {
        foreach (var listener in change is null ? [] : listeners)
        {
            listener.Changed(tx, alert, change!.Value);
        }
    }

    /// <summary>By a percent of the limit or more; smaller moves are not written down.</summary>
    private static bool Moved(AlertRow open, AlertReading reading) =>
        open.LimitValue != reading.Limit || Math.Abs(open.ObservedValue - reading.Observed) >= Math.Max(1, reading.Limit / 100);
}
