using System.Globalization;
using Capyd.Cluster;
using Capyd.Postgres.Catalog;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Alerts;
using Capyd.Storage.Projects;

namespace Capyd.Observability;

/// <summary>What goes on in a project's database at this moment.</summary>
internal sealed class ObserveProject(MetadataDatabase metadata, PostgresServer server, TimeProvider clock)
{
    public async Task<ObservabilityBody> ReadAsync(ProjectRow project, CancellationToken cancellation)
    {
        var activity = await new ActivityReader(server.Capabilities.Cluster).ReadAsync(DatabaseName.Parse(project.DatabaseName), cancellation);
        var alerts = metadata.Read(session => AlertStore.ListByProject(session, project.Id, clock.GetUtcNow())).Where(alert => alert.ResolvedAt is null);
        return new ObservabilityBody(
            activity.Connections, project.MaxConnections, Percent(activity.Connections, project.MaxConnections), activity.SizeBytes, project.StorageLimitBytes,
            Percent(activity.SizeBytes, project.StorageLimitBytes), activity.HasStatementStatistics, [.. alerts.Select(Describe)],
            [.. activity.Running.Select(q => new ActiveQueryBody(q.Pid, q.Username, q.State, q.Query, q.DurationMs, q.WaitEvent, q.WaitEventType))],
            [.. activity.Slow.Select(q => new SlowQueryBody(
                q.Query, q.QueryId, q.Calls, q.Rows, q.MeanTimeMs, q.TotalTimeMs, q.SharedBlksHit, q.SharedBlksRead, q.TempBlksRead, q.TempBlksWritten))]);
    }

    private static double Percent(long part, long whole) => Math.Round(100.0 * part / whole, 2);

    private static string Describe(AlertRow alert) =>
        string.Create(CultureInfo.InvariantCulture, $"{alert.Severity}: {alert.Kind} is {alert.ObservedValue} of {alert.LimitValue}");
}
