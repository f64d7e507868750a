using Capyd.Cluster;

namespace Capyd.Metrics;

/// <summary>The daemon itself, and whether its server answers.</summary>
internal sealed class ProcessMetrics(PostgresServer server, DataDirectory directories, TimeProvider clock) : IMetricSource
{
    private readonly DateTimeOffset _started = clock.GetUtcNow();

    public Task DescribeAsync(MetricsPage page, CancellationToken cancellation)
    {
        page.Gauge("capyd_build_info", "The version of capyd; always 1.").Add(1, ("version", CapydVersion.Text));
        page.Gauge("process_start_time_seconds", "When the daemon started, in seconds since 1970.").Add(_started.ToUnixTimeMilliseconds() / 1000.0);
        page.Gauge("process_resident_memory_bytes", "Memory that the daemon holds.").Add(Environment.WorkingSet);
        page.Counter("process_cpu_seconds_total", "Time that the daemon has computed for.").Add(Environment.CpuUsage.TotalTime.TotalSeconds);
        page.Gauge("capyd_postgres_up", "1 while PostgreSQL answers.").Add(server.IsAnswering ? 1 : 0);
        if (server.Facts is { } facts)
        {
            page.Gauge("capyd_postgres_info", "The version of PostgreSQL; always 1.").Add(1, ("version", facts.Version));
        }

        DescribeDisks(page);
        return Task.CompletedTask;
    }

    private void DescribeDisks(MetricsPage page)
    {
        var free = page.Gauge("capyd_disk_free_bytes", "What is free on the file system of a directory.");
        foreach (var (place, path) in new[] { ("data", directories.Root), ("repository", directories.Repository) })
        {
            free.Add(Directory.Exists(path) ? new DriveInfo(path).AvailableFreeSpace : null, ("directory", place));
        }
    }
}
