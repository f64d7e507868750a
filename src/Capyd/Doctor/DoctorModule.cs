namespace Capyd.Doctor;

/// <summary>Looks at everything that capyd needs on its host.</summary>
internal static class DoctorModule
{
    public static void AddServices(IServiceCollection services) => services.AddSingleton<Examination>();

    public static void Map(IEndpointRouteBuilder routes) => DoctorEndpoints.Map(routes);

    public static DoctorJson Json => DoctorJson.Default;
}
