using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Capyd.Jobs;

internal static class JobHandlerRegistration
{
    /// <summary>A handler, also to be asked for by its own name, because it may accept its jobs too.</summary>
    public static IServiceCollection AddJobHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : class, IJobHandler
    {
        services.TryAddSingleton<T>();
        return services.AddSingleton<IJobHandler>(provider => provider.GetRequiredService<T>());
    }
}
