using System.Diagnostics.CodeAnalysis;
using Capyd.Jobs;

namespace Capyd.Metrics;

/// <summary>Figures for Prometheus.</summary>
internal static class MetricsModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<MetricsReport>();
        services.AddMetricSource<ProcessMetrics>();
        services.AddMetricSource<ProjectMetrics>();
        services.AddMetricSource<JobDurations>();
        services.AddSingleton<IJobEndObserver>(provider => provider.GetRequiredService<JobDurations>());
        services.AddMetricSource<RecoveryMetrics>();
        services.AddMetricSource<WalMetrics>();
        services.AddMetricSource<RepositoryMetrics>();
    }

    public static void Map(IEndpointRouteBuilder routes) => MetricsEndpoints.Map(routes);

    private static void AddMetricSource<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : class, IMetricSource =>
        services.AddSingleton<T>().AddSingleton<IMetricSource>(provider => provider.GetRequiredService<T>());
}
