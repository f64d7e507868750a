using Capyd.Auth;
using Capyd.Projects;
using Capyd.Recovery;
using Capyd.Storage.RestorePoints;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.RestorePoints;

/// <summary>Contract C.4, 22 to 24.</summary>
internal static class RestorePointEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var points = routes.MapGroup("/v1/projects/{projectId}/restore-points").WithTags("restore-points");
        points.MapGet("", List).RequireScope(Scopes.BackupsRead).WithName("listRestorePoints");
        points.MapPost("", CreateAsync).RequireScope(Scopes.BackupsWrite).WithName("createRestorePoint");
        points.MapDelete("/{restorePointId}", DeleteAsync).RequireScope(Scopes.BackupsWrite).WithName("deleteRestorePoint");
    }

    private static Ok<RestorePointsBody> List(HttpContext context, string projectId, MetadataDatabase metadata, IKeptWal wal, CapydOptions options)
    {
        var rows = metadata.Read(session => RestorePointStore.ListByProject(session, ProjectAccess.Find(session, Principal.Of(context), projectId).Id));
        return TypedResults.Ok(new RestorePointsBody(rows.Select(Present).ToList(), wal.Lineage is null ? 0 : options.Pitr.WindowDays));
    }

    private static async Task<Created<RestorePointEnvelope>> CreateAsync(
        HttpContext context, string projectId, CreateRestorePointRequest? request, CreateRestorePoint create)
    {
        var row = await create.RunAsync(Principal.Of(context), projectId, request, context.RequestAborted);
        return TypedResults.Created($"/v1/projects/{row.ProjectId}/restore-points/{row.Id}", new RestorePointEnvelope(Present(row)));
    }

    private static async Task<Ok<RestorePointDeletedBody>> DeleteAsync(HttpContext context, string projectId, string restorePointId, DeleteRestorePoint delete)
    {
        await delete.RunAsync(Principal.Of(context), projectId, restorePointId, context.RequestAborted);
        return TypedResults.Ok(new RestorePointDeletedBody(true));
    }

    private static RestorePointBody Present(RestorePointRow row) => new(
        row.Id.ToString(), row.ProjectId.ToString(), row.OrganizationId.ToString(), row.Label, row.Note, row.Kind, row.State, row.BackupId?.ToString(),
        row.BackupKey, row.PitrTime, row.WalLsn, row.CreatedByActorKind, row.CreatedByActorId, row.CreatedAt, row.UpdatedAt);
}
