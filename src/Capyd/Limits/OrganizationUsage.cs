using System.Globalization;
using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Backups;
using Capyd.Storage.Previews;
using Capyd.Storage.Projects;
using Capyd.Storage.Usage;

namespace Capyd.Limits;

/// <summary>What an organisation's projects take now, each with its previews and backups, and day by day.</summary>
internal sealed class OrganizationUsage(PostgresServer server, MetadataDatabase metadata, TimeProvider clock)
{
    public async Task<UsageBody> ReadAsync(OrganizationId organization, CancellationToken cancellation)
    {
        var measures = (await server.Capabilities.Databases.MeasureAsync(cancellation)).ToDictionary(measure => measure.Name.ToString());
        return metadata.Read(session => Read(session, organization, measures));
    }

    private UsageBody Read(MetadataSession session, OrganizationId organization, Dictionary<string, DatabaseMeasure> measures)
    {
        var projects = ProjectStore.ListLive(session, organization).Select(project => Of(session, project, measures)).ToList();
        var since = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-StorageSamples.Kept);
        var history = StorageSampleStore.ListByOrganization(session, organization, since)
            .Select(sample => new StorageSampleBody(sample.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), sample.Bytes));
        var totals = new UsageTotalsBody(
            projects.Count, projects.Sum(project => project.PreviewDatabases), projects.Sum(project => project.StorageBytes),
            projects.Sum(project => project.StorageLimitBytes), projects.Sum(project => project.Connections), projects.Sum(project => project.BackupBytes));
        return new UsageBody(totals, projects, history.ToList());
    }

    /// <summary>Storage and connections are those of the project's own database.</summary>
    private static ProjectUsageBody Of(MetadataSession session, ProjectRow project, Dictionary<string, DatabaseMeasure> measures)
    {
        var measure = measures.GetValueOrDefault(project.DatabaseName);
        var backups = BackupStore.ListByProject(session, project.Id, includeRunning: false).Where(backup => backup.State == BackupStates.Completed);
        return new ProjectUsageBody(
            project.Id.ToString(), project.Name, project.Environment, PreviewStore.ListLive(session, project.Id).Count, measure?.SizeBytes ?? 0,
            project.StorageLimitBytes, measure?.Connections ?? 0, project.MaxConnections, backups.Sum(backup => backup.SizeBytes));
    }
}
