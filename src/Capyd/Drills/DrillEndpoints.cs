using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Storage.Drills;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Drills;

/// <summary>Drills of the caller's projects: begun by hand, and listed.</summary>
internal static class DrillEndpoints
{
    private const int MostListed = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/drills", StartAsync).RequireScope(Scopes.BackupsWrite).WithName("startDrill").WithTags("drills");
        routes.MapGet("/v1/drills", List).RequireScope(Scopes.BackupsRead).WithName("listDrills").WithTags("drills");
        routes.MapGet("/v1/drills/{drillId}", Get).RequireScope(Scopes.BackupsRead).WithName("getDrill").WithTags("drills");
    }

    private static async Task<Accepted<AcceptedDrillBody>> StartAsync(HttpContext context, StartDrillRequest? request, StartDrill start, JobPresenter jobs)
    {
        var (drill, job) = await start.RunAsync(Principal.Of(context), request ?? new StartDrillRequest(null, null, null), context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", new AcceptedDrillBody(jobs.Present(job), DrillBody.Of(drill)));
    }

    private static Ok<DrillsBody> List(HttpContext context, MetadataDatabase metadata, int? limit)
    {
        var principal = Principal.Of(context);
        var rows = metadata.Read(session => DrillStore.List(session, principal.Organization, principal.Project, Math.Clamp(limit ?? 50, 1, MostListed)));
        return TypedResults.Ok(new DrillsBody(rows.Select(DrillBody.Of).ToList()));
    }

    private static Ok<DrillEnvelope> Get(HttpContext context, string drillId, MetadataDatabase metadata)
    {
        var principal = Principal.Of(context);
        var row = DrillId.TryParse(drillId, out var id) ? metadata.Read(session => DrillStore.Find(session, id)) : null;
        return row is not null && row.OrganizationId == principal.Organization && (principal.Project is null || principal.Project == row.ProjectId)
            ? TypedResults.Ok(new DrillEnvelope(DrillBody.Of(row)))
            : throw CapydException.NotFound("drill");
    }
}
