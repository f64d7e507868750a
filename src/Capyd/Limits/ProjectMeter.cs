using Capyd.Postgres.Cluster;
using Capyd.Storage.Projects;

namespace Capyd.Limits;

/// <summary>
/// Looks at all projects once a minute, with one query for the whole server, and also while the server is away: enforces storage,
/// and hands what it sees to the alerts.
/// </summary>
internal sealed partial class ProjectMeter(
    MeterParts parts, MetadataDatabase metadata, CapydOptions options, TimeProvider clock, ILogger<ProjectMeter> logger) : IBackgroundLoop
{
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.Alerts.Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                await LookAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogEnds();
        }
    }

    /// <summary>What fails is looked at again a minute later; a meter must not end the daemon.</summary>
    private async Task LookAsync(CancellationToken stopping)
    {
        try
        {
            var projects = metadata.Read(ProjectStore.ListAllLive);
            var measures = await MeasureAsync(stopping);
            await parts.Alerts.RecordAsync(parts.Readings.Read(projects, measures), stopping);
            if (measures is not null)
            {
                await parts.Samples.RecordAsync(projects, measures, stopping);
                await EnforceAsync(projects, measures, stopping);
            }
        }
        catch (Exception e) when (e is PostgresFailedException or MetadataException)
        {
            LogFailed(e.Message);
        }
    }

    /// <returns>Null when the server does not answer.</returns>
    private async Task<IReadOnlyDictionary<string, DatabaseMeasure>?> MeasureAsync(CancellationToken stopping)
    {
        if (!parts.Server.IsAnswering)
        {
            return null;
        }

        try
        {
            return (await parts.Server.Capabilities.Databases.MeasureAsync(stopping)).ToDictionary(measure => measure.Name.ToString());
        }
        catch (PostgresFailedException e) when (e.Retry == RetryClass.Transient)
        {
            LogFailed(e.Message);
            return null;
        }
    }

    private async Task EnforceAsync(IReadOnlyList<ProjectRow> projects, IReadOnlyDictionary<string, DatabaseMeasure> measures, CancellationToken stopping)
    {
        foreach (var project in projects.Where(project => project.State is ProjectStates.Ready or ProjectStates.RotatingCredentials))
        {
            if (measures.TryGetValue(project.DatabaseName, out var measure))
            {
                await parts.Guard.EnforceAsync(project, measure, stopping);
            }
        }
    }

    [LoggerMessage(8100, LogLevel.Warning, "the projects could not be measured: {Problem}")]
    private partial void LogFailed(string problem);

    [LoggerMessage(8101, LogLevel.Debug, "the meter ends")]
    private partial void LogEnds();
}
