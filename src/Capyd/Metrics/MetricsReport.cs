using Capyd.Storage.Repository.Chunks;

namespace Capyd.Metrics;

/// <summary>Asks all sources. One that cannot answer leaves its figures out, which is a figure of its own.</summary>
internal sealed partial class MetricsReport(IEnumerable<IMetricSource> sources, TimeProvider clock, ILogger<MetricsReport> logger)
{
    public async Task<string> WriteAsync(OrganizationId? audience, CancellationToken cancellation)
    {
        var page = new MetricsPage(audience, clock.GetUtcNow());
        var silent = 0;
        foreach (var source in sources)
        {
            try
            {
                await source.DescribeAsync(page, cancellation);
            }
            catch (Exception e) when (e is MetadataException or IOException or RepositoryDamagedException or UnauthorizedAccessException)
            {
                silent++;
                LogSilent(source.GetType().Name, e.Message);
            }
        }

        page.Gauge("capyd_metrics_sources_failed", "Parts of capyd that could not give their figures; the log says why.").Add(silent);
        return page.ToString();
    }

    [LoggerMessage(9410, LogLevel.Warning, "{Source} cannot be read, so /metrics is not whole: {Problem}")]
    private partial void LogSilent(string source, string problem);
}
