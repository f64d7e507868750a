using Capyd.Cluster;
using Capyd.Jobs;

namespace Capyd.Pooling;

/// <summary>Pooled connections: a PgBouncer of capyd's own. It has no endpoints; connections and <c>/status</c> tell of it.</summary>
internal static class PoolingModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<PoolerState>().AddSingleton<IComponentStatus>(provider => provider.GetRequiredService<PoolerState>());
        services.AddSingleton<PoolerPlan>().AddSingleton<PoolerSetup>().AddSingleton<IBackgroundLoop, PoolerLoop>();
        services.AddDueWork<PoolerWatch>().AddSingleton<IJobEndObserver>(provider => provider.GetRequiredService<PoolerWatch>());
    }
}
