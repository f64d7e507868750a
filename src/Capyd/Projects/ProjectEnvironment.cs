namespace Capyd.Projects;

internal static class ProjectEnvironment
{
    public const string Production = "production";
    public const string NonProduction = "non_production";

    /// <summary>Null when nothing is asked for.</summary>
    public static string? Parse(string? asked) => asked switch
    {
        null or "" => null,
        Production or NonProduction => asked,
        _ => throw CapydException.Invalid("environment must be one of production or non_production"),
    };
}
