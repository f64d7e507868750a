using Capyd.Cluster;

namespace Capyd.Service;

/// <summary>capyd as a service of the system: notifications, watchdog, reload.</summary>
internal static class ServiceModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton(_ => ServiceNotifier.FromEnvironment());
        services.AddSingleton<LoopHealth>().AddSingleton<IComponentStatus>(provider => provider.GetRequiredService<LoopHealth>());

        // In this order: whoever hears READY=1 may ask for a reload at once, and a signal that nobody takes would end the process.
        services.AddSingleton<IBackgroundLoop, ConfigurationReload>();
        services.AddSingleton<IBackgroundLoop, ServiceReports>();
    }
}
