namespace Capyd.RestorePoints;

/// <summary>What the host has to know of this slice.</summary>
internal static class RestorePointsModule
{
    public static RestorePointsJson Json => RestorePointsJson.Default;

    public static void AddServices(IServiceCollection services) => services.AddSingleton<CreateRestorePoint>().AddSingleton<DeleteRestorePoint>();

    public static void Map(IEndpointRouteBuilder routes) => RestorePointEndpoints.Map(routes);
}
