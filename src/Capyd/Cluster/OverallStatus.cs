namespace Capyd.Cluster;

/// <summary>One word for all parts: the worst of those that matter. Pure.</summary>
internal static class OverallStatus
{
    public const string Operational = "operational";
    public const string Degraded = "degraded";

    public static string Of(IEnumerable<(ComponentBody Component, bool ConcernsSafety)> parts) =>
        parts.Any(part => Lowers(part.Component.Status, part.ConcernsSafety)) ? Degraded : Operational;

    /// <summary>What is off or still starting is no trouble.</summary>
    private static bool Lowers(string word, bool concernsSafety) => word is "down" or "unavailable" || (concernsSafety && word == Degraded);
}
