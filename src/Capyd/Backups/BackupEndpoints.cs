using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Backups;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Backups;

/// <summary>Contract C.4: backups on demand.</summary>
internal static class BackupEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var backups = routes.MapGroup("/v1/projects/{projectId}/backups").WithTags("backups");
        backups.MapGet("", List).RequireScope(Scopes.BackupsRead).WithName("listBackups");
        backups.MapPost("", CreateAsync).RequireScope(Scopes.BackupsWrite).WithName("createBackup");
    }

    private static Ok<BackupsBody> List(HttpContext context, string projectId, MetadataDatabase metadata)
    {
        var rows = metadata.Read(session =>
            BackupStore.ListByProject(session, ProjectAccess.Find(session, Principal.Of(context), projectId).Id, includeRunning: false));
        return TypedResults.Ok(new BackupsBody(rows.Select(Present).ToList()));
    }

    private static async Task<Accepted<JobEnvelope>> CreateAsync(
        HttpContext context, string projectId, CreateBackupRequest? request, StartBackup start, JobPresenter jobs)
    {
        var job = await start.RunAsync(Principal.Of(context), projectId, request?.Label, context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", jobs.Envelope(job));
    }

    private static BackupBody Present(BackupRow row) => new(
        row.Id.ToString(), row.ProjectId.ToString(), row.DatabaseName, row.BackupKey, row.Label, row.SizeBytes, row.Sha256, row.State,
        row.VerificationState, row.VerificationError, row.VerifiedAt, row.CreatedAt);
}
