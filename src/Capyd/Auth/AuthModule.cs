using Capyd.Auth.Clerk;

namespace Capyd.Auth;

internal static class AuthModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<JwksReader>().AddSingleton<ClerkTenants>().AddSingleton<ClerkSessions>().AddSingleton<Credentials>();
        services.AddSingleton(provider => new ClerkKeys(
            provider.GetRequiredService<JwksReader>().ReadAsync, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ClerkKeys>>()));
    }
}
