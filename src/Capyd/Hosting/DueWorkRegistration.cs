using System.Diagnostics.CodeAnalysis;

namespace Capyd.Hosting;

internal static class DueWorkRegistration
{
    /// <summary>Work by the clock, also to be asked for by its own name.</summary>
    public static IServiceCollection AddDueWork<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : class, IDueWork =>
        services.AddSingleton<T>().AddSingleton<IDueWork>(provider => provider.GetRequiredService<T>());
}
