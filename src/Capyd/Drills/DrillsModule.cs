using Capyd.Cluster;
using Capyd.Jobs;

namespace Capyd.Drills;

/// <summary>Recoveries that are made to see that they work, and the alerts on what would keep one from working.</summary>
internal static class DrillsModule
{
    public static DrillsJson Json => DrillsJson.Default;

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<StartDrill>().AddSingleton<DumpMoments>().AddSingleton<DrillMoments>().AddSingleton<RecoveredChecks>().AddSingleton<Rehearsal>().AddSingleton<RepositoryKeyCheck>();
        services.AddJobHandler<DrillJob>();
        services.AddDueWork<DrillScheduler>();
        services.AddDueWork<RecoveryHealth>();
        services.AddSingleton<IComponentStatus, DrillStatus>();
    }

    public static void Map(IEndpointRouteBuilder routes) => DrillEndpoints.Map(routes);
}
