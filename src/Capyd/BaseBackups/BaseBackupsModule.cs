using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Wal;

namespace Capyd.BaseBackups;

/// <summary>What the host has to know of this slice.</summary>
internal static class BaseBackupsModule
{
    public static BaseBackupsJson Json => BaseBackupsJson.Default;

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<BaseBackupRepository>().AddSingleton<TakeBaseBackup>().AddSingleton<StartBaseBackup>().AddSingleton<VerifyBaseBackup>();
        services.AddSingleton<IBaseBackupRequests>(provider => provider.GetRequiredService<StartBaseBackup>());
        services.AddSingleton<WalArrival>().AddSingleton<BaseBackupClock>().AddDueWork<BaseBackupSchedule>().AddDueWork<VerifyNewest>();
        services.AddSingleton<IBackgroundLoop, FirstBaseBackup>();
        services.AddSingleton<BaseBackupAge>().AddSingleton<IComponentStatus, BaseBackupStatus>();
        services.AddJobHandler<BaseBackupJob>();
        services.AddJobHandler<VerifyBaseBackupJob>();
    }

    public static void Map(IEndpointRouteBuilder routes) => BaseBackupEndpoints.Map(routes);
}
