using Capyd.Cluster;

namespace Capyd.Service;

/// <summary>capyd as a service of the system: notifications, watchdog, reload.</summary>
internal static class ServiceModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton(_ => ServiceNotifier.FromEnvironment());
        services.AddSingleton<LoopHealth>().AddSingleton<IComponentStatus>(provider => provider.GetRequiredService<LoopHealth>());
        services.AddSingleton<IBackgroundLoop, ServiceReports>();
        services.AddSingleton<IBackgroundLoop, ConfigurationReload>();
    }
}
