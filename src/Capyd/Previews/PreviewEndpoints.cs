using Capyd.Auth;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Previews;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Previews;

/// <summary>Contract C.2, as far as restores need it: list, connections, delete.</summary>
internal static class PreviewEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/projects/{projectId}/preview-databases", List).RequireScope(Scopes.ProjectsRead).WithName("listPreviewDatabases").WithTags("previews");
        routes.MapDelete("/v1/preview-databases/{previewId}", DeleteAsync).RequireScope(Scopes.ProjectsWrite).WithName("deletePreviewDatabase").WithTags("previews");
        routes.MapGet("/v1/preview-databases/{previewId}/connections", Connections).RequireScope(Scopes.CredentialsRead).WithName("getPreviewDatabaseConnections").WithTags("previews");
    }

    private static Ok<PreviewsBody> List(HttpContext context, string projectId, MetadataDatabase metadata, ProjectPresenter presenter, PostgresServer server, CapydOptions options)
    {
        var rows = metadata.Read(session => PreviewStore.ListLive(session, ProjectAccess.Find(session, Principal.Of(context), projectId).Id));
        return TypedResults.Ok(new PreviewsBody(rows.Select(row => Present(row, presenter.DirectPort, server.SslMode, options.PublicHost)).ToList()));
    }

    private static async Task<Accepted<JobEnvelope>> DeleteAsync(HttpContext context, string previewId, DeletePreview delete, JobPresenter jobs)
    {
        var job = await delete.AcceptAsync(Principal.Of(context), previewId, context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", jobs.Envelope(job));
    }

    private static Ok<ConnectionsEnvelope> Connections(HttpContext context, string previewId, MetadataDatabase metadata, ProjectPresenter presenter, PreviewPlan plan)
    {
        var preview = metadata.Read(session => PreviewAccess.Find(session, Principal.Of(context), previewId));
        return preview.State == "ready"
            ? TypedResults.Ok(new ConnectionsEnvelope(presenter.Connections(preview.RoleName, preview.DatabaseName, plan.Unseal(preview))))
            : throw new CapydException(ErrorCode.WrongState, $"preview must be ready, and it is {preview.State}", "wait for its job to end");
    }

    private static PreviewBody Present(PreviewRow row, int port, string sslMode, string host)
    {
        var there = row.State is "ready" or "restoring";
        return new PreviewBody(
            row.Id.ToString(), row.ProjectId.ToString(), row.Name, row.Mode, row.State == "restoring" ? "provisioning" : row.State, row.DatabaseName, row.RoleName, port,
            ProjectPresenter.PooledPort, there ? host : null, there ? sslMode : null, row.TtlExpiresAt, row.SourceKind, row.SourceDatabase,
            row.SourceBackupKey, row.SourceRestoreTime, row.LastError, row.CreatedAt, row.UpdatedAt);
    }
}
