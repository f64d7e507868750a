namespace Capyd.Recovery;

/// <summary>What the host has to know of this slice.</summary>
internal static class RecoveryModule
{
    public static RecoveryJson Json => RecoveryJson.Default;

    public static void AddServices(IServiceCollection services) => services
        .AddSingleton<ServerPulse>().AddSingleton<IKeptWal, KeptWal>().AddSingleton<RecoveryPlanner>().AddSingleton<RecoveryWindows>()
        .AddSingleton<SandboxPlaces>().AddSingleton<RecoveryRun>().AddSingleton<RecoveryExtraction>();

    public static void Map(IEndpointRouteBuilder routes) => RecoveryWindowEndpoint.Map(routes);
}
