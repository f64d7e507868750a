using System.Reflection;

namespace Capyd.Hosting;

internal static class CapydVersion
{
    /// <summary>e.g. <c>0.1.0</c></summary>
    public static string Text { get; } =
        typeof(CapydVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
