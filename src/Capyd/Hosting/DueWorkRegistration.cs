using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Capyd.Hosting;

internal static class DueWorkRegistration
{
    /// <summary>Work by the clock, also to be asked for by its own name. A handler of jobs may be both, and is then one object.</summary>
    public static IServiceCollection AddDueWork<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : class, IDueWork
    {
        services.TryAddSingleton<T>();
        return services.AddSingleton<IDueWork>(provider => provider.GetRequiredService<T>());
    }
}
