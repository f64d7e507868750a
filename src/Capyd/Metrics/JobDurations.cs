using Capyd.Jobs;
using Capyd.Storage.Jobs;

namespace Capyd.Metrics;

/// <summary>How long jobs of each type took, since the daemon started.</summary>
internal sealed class JobDurations : IJobEndObserver, IMetricSource
{
    private static readonly double[] Bounds = [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400];

    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string Type, string Outcome), Durations> _durations = [];

    /// <summary>Of the run that ended the job; waits and earlier attempts are not in it.</summary>
    public void Ended(MetadataTransaction tx, JobRow job, string? error, DateTimeOffset at)
    {
        if (job.StartedAt is { } started)
        {
            Note(job.Type, error is null ? "completed" : "failed", at - started);
        }
    }

    public void Note(string type, string outcome, TimeSpan took)
    {
        lock (_lock)
        {
            if (!_durations.TryGetValue((type, outcome), out var durations))
            {
                _durations[(type, outcome)] = durations = new Durations();
            }

            durations.Note(Math.Max(0, took.TotalSeconds));
        }
    }

    public Task DescribeAsync(MetricsPage page, CancellationToken cancellation)
    {
        var family = page.Histogram("capyd_job_duration_seconds", "How long jobs ran that have ended since the daemon started.");
        lock (_lock)
        {
            foreach (var ((type, outcome), durations) in _durations)
            {
                durations.WriteTo(family, ("type", type), ("outcome", outcome));
            }
        }

        return Task.CompletedTask;
    }

    private sealed class Durations
    {
        private readonly long[] _within = new long[Bounds.Length];
        private long _count;
        private double _sum;

        public void Note(double seconds)
        {
            for (var i = 0; i < Bounds.Length; i++)
            {
                _within[i] += seconds <= Bounds[i] ? 1 : 0;
            }

            _count++;
            _sum += seconds;
        }

        public void WriteTo(MetricFamily family, (string Name, string Value) type, (string Name, string Value) outcome)
        {
            for (var i = 0; i < Bounds.Length; i++)
            {
                family.AddPart("_bucket", _within[i], type, outcome, ("le", MetricFamily.Number(Bounds[i])));
            }

            family.AddPart("_bucket", _count, type, outcome, ("le", "+Inf"));
            family.AddPart("_sum", _sum, type, outcome).AddPart("_count", _count, type, outcome);
        }
    }
}
