using Capyd.Jobs;

namespace Capyd.Imports;

/// <summary>Databases from elsewhere: by a URL, or by an uploaded dump.</summary>
internal static class ImportsModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<UploadFiles>().AddSingleton<UploadSlots>().AddSingleton<UploadReceiver>().AddSingleton<ImportPlaces>();
        services.AddSingleton<SourceGate>().AddSingleton<ImportEngine>().AddSingleton<SourceProbe>().AddSingleton<Preflight>();
        services.AddSingleton<ImportTarget>().AddSingleton<RunPreflight>().AddSingleton<StartImport>();
        services.AddSingleton<FetchSource>().AddSingleton<StageSource>().AddSingleton<BuildImport>().AddSingleton<SwapImport>().AddSingleton<ImportSteps>();
        services.AddJobHandler<ImportJob>();
        services.AddDueWork<ImportHousekeeping>();
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        ImportEndpoints.Map(routes);
        UploadEndpoints.Map(routes);
    }

    public static ImportsJson Json => ImportsJson.Default;
}
