using Capyd.Metrics;

namespace Capyd.OffHost;

/// <summary>Whether the repository is there, and what is not off the host yet.</summary>
internal sealed class OffHostMetrics(SpoolState state, RepositoryPresence presence) : IMetricSource
{
    public Task DescribeAsync(MetricsPage page, CancellationToken cancellation)
    {
        page.Gauge("capyd_repository_unreachable_seconds", "How long the bucket could not be used, or the directory was not there; 0 while it is.")
            .Add((long)presence.Away().TotalSeconds);
        if (state.Latest is not { } now)
        {
            return Task.CompletedTask;
        }

        page.Gauge("capyd_repository_spool_bytes", "Bytes of the repository that are only on this host.").Add(now.Bytes);
        page.Gauge("capyd_repository_spool_objects", "Objects of the repository that are only on this host.").Add(now.Objects);
        page.Gauge("capyd_repository_spool_oldest_age_seconds", "Since the oldest of them was written: what would be lost with the host; 0 when there is none.")
            .Add((long)(state.OldestAge ?? TimeSpan.Zero).TotalSeconds);
        page.Gauge("capyd_repository_wal_age_seconds", "What of the committed transactions would be lost with the host; absent until it is known.").Add(state.WalExposure?.TotalSeconds);
        page.Gauge("capyd_repository_conflicts", "Objects that were not stored because the bucket has other bytes under their names.").Add(now.Aside);
        page.Counter("capyd_repository_shipped_bytes_total", "Bytes that arrived in the bucket since the start.").Add(state.ShippedBytes);
        return Task.CompletedTask;
    }
}
