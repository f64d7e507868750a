using Capyd.Jobs;

namespace Capyd.Exports;

/// <summary>What the host has to know of this slice.</summary>
internal static class ExportsModule
{
    public static ExportsJson Json => ExportsJson.Default;

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<StartExport>();
        services.AddJobHandler<ExportJob>();
        services.AddDueWork<ExportExpiry>();
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        ExportEndpoints.Map(routes);
        ExportContent.Map(routes);
    }
}
