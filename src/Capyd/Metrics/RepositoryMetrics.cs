using Capyd.BaseBackups;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.Metrics;

/// <summary>What the base backups take. Counting chunks takes a moment, so it is done once in a while.</summary>
internal sealed class RepositoryMetrics(BaseBackupRepository repository, MetadataDatabase metadata, TimeProvider clock) : IMetricSource
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private (long ReadAt, RepositoryStats Stats)? _last;

    public async Task DescribeAsync(MetricsPage page, CancellationToken cancellation)
    {
        if (metadata.Read(BaseBackupStore.List).Count == 0)
        {
            return;
        }

        var stats = await ReadAsync(cancellation);
        page.Gauge("capyd_repository_bytes", "Base backups: as they are restored, each piece once, and as they are stored.")
            .Add(stats.LogicalBytes, ("kind", "logical")).Add(stats.PlainBytes, ("kind", "unique")).Add(stats.StoredBytes, ("kind", "stored"));
        page.Gauge("capyd_repository_chunks", "Pieces that are kept once each.").Add(stats.Chunks);
    }

    private async Task<RepositoryStats> ReadAsync(CancellationToken cancellation)
    {
        if (_last is { } last && clock.GetElapsedTime(last.ReadAt) < Interval)
        {
            return last.Stats;
        }

        var stats = await (await repository.OpenAsync(cancellation)).StatsAsync(cancellation);
        _last = (clock.GetTimestamp(), stats);
        return stats;
    }
}
