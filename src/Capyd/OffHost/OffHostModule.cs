using Capyd.Cluster;
using Capyd.Metrics;

namespace Capyd.OffHost;

/// <summary>A repository that is not on this host, and its encryption.</summary>
internal static class OffHostModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<OpenedRepository>().Store);
        services.AddSingleton<SpoolState>().AddSingleton<IComponentStatus>(provider => provider.GetRequiredService<SpoolState>());
        services.AddSingleton<RepositoryPresence>().AddSingleton<IComponentStatus>(provider => provider.GetRequiredService<RepositoryPresence>());
        services.AddSingleton<IBackgroundLoop, SpoolLoop>().AddDueWork<OffHostAlerts>().AddDueWork<KeyWatch>();
        services.AddSingleton<IMetricSource, OffHostMetrics>();
    }
}
