namespace Capyd.DataAccess;

/// <summary>Looking into databases, and running SQL in them, with the tenant's own rights.</summary>
internal static class DataAccessModule
{
    public static DataJson Json => DataJson.Default;

    public static void AddServices(IServiceCollection services) => services.AddSingleton<DataTargets>().AddSingleton<QueryGate>().AddSingleton<SqlRunner>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        SqlEndpoints.Map(routes);
        SchemaEndpoints.Map(routes);
        AbsentDataFeatures.Map(routes);
    }
}
