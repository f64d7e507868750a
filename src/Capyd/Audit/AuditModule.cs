namespace Capyd.Audit;

/// <summary>The audit log as it is read; it is written by <see cref="AuditTrail"/>.</summary>
internal static class AuditModule
{
    public static AuditEventsJson Json => AuditEventsJson.Default;

    public static void Map(IEndpointRouteBuilder routes) => AuditEndpoints.Map(routes);
}
