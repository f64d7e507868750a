using Capyd.Cluster;

namespace Capyd.Wal;

/// <summary>The server's write-ahead log: followed, kept, guarded.</summary>
internal static class WalModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<WalRepository>().AddSingleton<WalLedger>().AddSingleton<WalGaps>().AddSingleton<WalArchive>().AddSingleton<SpoolPatience>().AddSingleton<WalParts>();
        services.AddSingleton<WalState>().AddSingleton<IComponentStatus>(provider => provider.GetRequiredService<WalState>());
        services.AddSingleton<WalLeash>().AddSingleton<WalReconciliation>().AddSingleton<OldSpools>().AddSingleton<WalStart>();
        services.AddSingleton<IBackgroundLoop, WalFollower>().AddDueWork<GapHealing>().AddDueWork<WalAlerts>();
        services.AddSingleton<SlotSurrender>().AddSingleton<IBackgroundLoop, WalGuardian>();
        services.AddSingleton<GrowingParts>().AddSingleton<IBackgroundLoop, GrowingLoop>();
    }
}
