using Capyd.Alerts;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Backups;
using Capyd.Storage.Projects;
using Capyd.Storage.Schedules;

namespace Capyd.Limits;

/// <summary>What is seen of all projects at one moment.</summary>
internal sealed class ProjectReadings(MetadataDatabase metadata, CapydOptions options, TimeProvider clock)
{
    private readonly OutageWatch _outages = new();

    /// <param name="measures">By database name; null when the server did not answer.</param>
    public IReadOnlyDictionary<ProjectRow, IReadOnlyList<AlertReading>> Read(IReadOnlyList<ProjectRow> projects, IReadOnlyDictionary<string, DatabaseMeasure>? measures)
    {
        var now = clock.GetUtcNow();
        _outages.Forget(projects.Select(project => project.Id).ToHashSet());
        return metadata.Read(session => projects.ToDictionary(
            project => project,
            project => (IReadOnlyList<AlertReading>)
            [
                .. OfServer(project, measures, now),
                .. BackupHealth.Read(project, BackupStore.ListByProject(session, project.Id, includeRunning: false), ScheduleStore.FindByProject(session, project.Id), now),
            ]));
    }

    /// <summary>A project under way to another state says nothing: its database may be away for a moment by intent.</summary>
    private IEnumerable<AlertReading> OfServer(ProjectRow project, IReadOnlyDictionary<string, DatabaseMeasure>? measures, DateTimeOffset now)
    {
        if (project.State is not (ProjectStates.Ready or ProjectStates.RotatingCredentials))
        {
            yield break;
        }

        var measure = measures?.GetValueOrDefault(project.DatabaseName);
        var outage = _outages.Note(project.Id, measure is { TakesSessions: true }, now);
        yield return new AlertReading(AlertKinds.DatabaseUnreachable, outage, (long)options.Alerts.UnreachableAfter.TotalSeconds, AlertThresholds.Outage);
        if (measure is not null)
        {
            yield return new AlertReading(AlertKinds.Storage, measure.SizeBytes, project.StorageLimitBytes, AlertThresholds.Usage);
            yield return new AlertReading(AlertKinds.Connections, measure.Connections, project.MaxConnections, AlertThresholds.Usage);
        }
    }
}
