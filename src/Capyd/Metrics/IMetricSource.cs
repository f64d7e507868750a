namespace Capyd.Metrics;

/// <summary>A part of capyd that has figures to show. Asked for each look at <c>/metrics</c>; it must be quick, and never asks PostgreSQL.</summary>
internal interface IMetricSource
{
    Task DescribeAsync(MetricsPage page, CancellationToken cancellation);
}
