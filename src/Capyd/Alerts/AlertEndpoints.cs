using Capyd.Audit;
using Capyd.Auth;
using Capyd.Projects;
using Capyd.Storage.Alerts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Alerts;

/// <summary>Contract C.5: a project's alerts, and the word that somebody has seen one.</summary>
internal static class AlertEndpoints
{
    private static readonly TimeSpan ResolvedFor = TimeSpan.FromDays(30);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/projects/{projectId}/alerts", List).RequireScope(Scopes.ProjectsRead).WithName("listAlerts").WithTags("alerts");
        routes.MapPost("/v1/projects/{projectId}/alerts/{alertId}/acknowledge", AcknowledgeAsync).RequireScope(Scopes.ProjectsWrite)
            .WithName("acknowledgeAlert").WithTags("alerts");
    }

    private static Ok<AlertsBody> List(HttpContext context, string projectId, MetadataDatabase metadata, TimeProvider clock)
    {
        var rows = metadata.Read(session =>
            AlertStore.ListByProject(session, ProjectAccess.Find(session, Principal.Of(context), projectId).Id, clock.GetUtcNow() - ResolvedFor));
        return TypedResults.Ok(new AlertsBody(rows.Select(AlertBody.Of).ToList()));
    }

    private static async Task<Ok<AlertEnvelope>> AcknowledgeAsync(HttpContext context, string projectId, string alertId, MetadataDatabase metadata, TimeProvider clock)
    {
        var row = await metadata.WriteAsync(tx => Acknowledge(tx, Principal.Of(context), projectId, alertId, clock.GetUtcNow()), context.RequestAborted);
        return TypedResults.Ok(new AlertEnvelope(AlertBody.Of(row)));
    }

    /// <summary>The first time is kept, and only it is audited (contract A.10).</summary>
    private static AlertRow Acknowledge(MetadataTransaction tx, Principal principal, string projectId, string alertId, DateTimeOffset now)
    {
        var project = ProjectAccess.Find(tx, principal, projectId);
        var alert = AlertId.TryParse(alertId, out var id) ? AlertStore.Find(tx, id) : null;
        if (alert is null || alert.ProjectId != project.Id)
        {
            throw CapydException.NotFound("alert");
        }

        if (AlertStore.Acknowledge(tx, alert.Id, now))
        {
            AuditTrail.Append(tx, principal, "alert.acknowledged", project.Id, now, new AuditDetail(Target: alert.Kind));
        }

        return AlertStore.Find(tx, alert.Id)!;
    }
}
