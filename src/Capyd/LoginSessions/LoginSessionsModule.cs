namespace Capyd.LoginSessions;

/// <summary>Login of the command line and of agents through a person (contract B.20, D.16).</summary>
internal static class LoginSessionsModule
{
    public static LoginSessionsJson Json => LoginSessionsJson.Default;

    public static void AddServices(IServiceCollection services) =>
        services.AddSingleton<StartLogin>().AddSingleton<CollectLogin>().AddSingleton<LoginForm>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        LoginEndpoints.Map(routes);
        LoginPageEndpoints.Map(routes);
    }
}
