using Capyd.Wal;

namespace Capyd.Metrics;

/// <summary>The stream of WAL as it is at this moment.</summary>
internal sealed class WalMetrics(WalState wal) : IMetricSource
{
    public Task DescribeAsync(MetricsPage page, CancellationToken cancellation)
    {
        page.Gauge("capyd_wal_enabled", "1 where WAL is to be kept, by configuration and by what the server can.").Add(wal.Enabled ? 1 : 0);
        page.Gauge("capyd_wal_streaming", "1 while WAL is received.").Add(wal.IsStreaming ? 1 : 0);
        if (!wal.Enabled)
        {
            return Task.CompletedTask;
        }

        page.Gauge("capyd_recovery_point_age_seconds", "What would be lost if the server vanished now; absent until the stream caught up once.")
            .Add(wal.CaughtUpAt is { } at ? wal.IsBehind ? page.Age(at) : 0 : null);
        page.Gauge("capyd_wal_last_commit_age_seconds", "Since the newest commit that is kept was made; an idle server has none but capyd's own.")
            .Add(page.Age(wal.LastCommit?.At));
        page.Gauge("capyd_wal_durable_bytes", "The place in the server's log up to which everything is on the disk here.").Add(wal.ReceivedTo?.Position);
        page.Gauge("capyd_wal_lag_bytes", "WAL that is on the server only.").Add(wal.Slot?.LagBytes);
        page.Gauge("capyd_wal_retained_bytes", "WAL that the server keeps because of capyd's slot.").Add(wal.Slot?.RetainedBytes);
        page.Gauge("capyd_wal_pressure", "How much that endangers the server's disk: 0 not at all, up to 3, when the slot was given up.").Add((int)wal.Pressure);
        return Task.CompletedTask;
    }
}
