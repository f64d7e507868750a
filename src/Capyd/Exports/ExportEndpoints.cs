using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Exports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Exports;

/// <summary>Contract C.4: exports.</summary>
internal static class ExportEndpoints
{
    private static readonly TimeSpan UrlLife = TimeSpan.FromMinutes(15);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var exports = routes.MapGroup("/v1/projects/{projectId}/exports").WithTags("exports");
        exports.MapGet("", List).RequireScope(Scopes.BackupsRead).WithName("listExports");
        exports.MapPost("", CreateAsync).RequireScope(Scopes.BackupsWrite).WithName("createExport");
        exports.MapGet("/{exportId}/download", Download).RequireScope(Scopes.CredentialsRead).WithName("downloadExport");
    }

    private static Ok<ExportsBody> List(HttpContext context, string projectId, MetadataDatabase metadata)
    {
        var rows = metadata.Read(session => ExportStore.ListByProject(session, ProjectAccess.Find(session, Principal.Of(context), projectId).Id));
        return TypedResults.Ok(new ExportsBody(rows.Select(Present).ToList()));
    }

    private static async Task<Accepted<ExportAcceptedBody>> CreateAsync(HttpContext context, string projectId, StartExport start, JobPresenter jobs)
    {
        var (export, job) = await start.RunAsync(Principal.Of(context), projectId, context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", new ExportAcceptedBody(export.ToString(), jobs.Present(job)));
    }

    private static Ok<ExportDownloadEnvelope> Download(
        HttpContext context, string projectId, string exportId, MetadataDatabase metadata, SignedUrl urls, TimeProvider clock)
    {
        var row = metadata.Read(session => Find(session, Principal.Of(context), projectId, exportId));
        var until = clock.GetUtcNow() + UrlLife;
        ExportContent.RequireThere(row, clock.GetUtcNow());
        var expires = until < row.ExpiresAt ? until : row.ExpiresAt;
        var url = urls.Make(context.Request, ExportContent.Purpose, ExportContent.PathOf(row.Id), expires);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new ExportDownloadEnvelope(new ExportDownloadBody(url, expires)));
    }

    private static ExportRow Find(MetadataSession session, Principal principal, string projectId, string exportId)
    {
        var project = ProjectAccess.Find(session, principal, projectId);
        var row = ExportId.TryParse(exportId, out var id) ? ExportStore.Find(session, id) : null;
        return row is not null && row.ProjectId == project.Id ? row : throw CapydException.NotFound("export");
    }

    /// <summary>An export whose file is being removed is expired for everybody.</summary>
    private static ExportBody Present(ExportRow row) => new(
        row.Id.ToString(), row.ProjectId.ToString(), row.DatabaseName, row.State == ExportStates.Deleting ? ExportStates.Expired : row.State, row.SizeBytes,
        row.Error, row.CreatedAt, row.CompletedAt, row.ExpiresAt);
}
