using Capyd.Auth;
using Capyd.Cluster;
using Capyd.Postgres.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.DataAccess;

/// <summary>Contract C.5 and C.2: tables, their rows, and the structure of a database.</summary>
internal static class SchemaEndpoints
{
    private const int DefaultRows = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/projects/{projectId}/tables", TablesAsync).RequireScope(Scopes.ProjectsRead).WithName("listTables").WithTags("data");
        routes.MapGet("/v1/projects/{projectId}/tables/{schema}/{table}/rows", RowsAsync).RequireScope(Scopes.ProjectsRead).WithName("listTableRows").WithTags("data");
        routes.MapGet("/v1/projects/{projectId}/schema", ProjectAsync).RequireScope(Scopes.SchemaRead).WithName("getSchema").WithTags("data");
        routes.MapGet("/v1/preview-databases/{previewId}/schema", PreviewAsync).RequireScope(Scopes.SchemaRead).WithName("getPreviewSchema").WithTags("data");
    }

    private static async Task<Ok<TablesBody>> TablesAsync(HttpContext context, string projectId, DataTargets targets, PostgresServer server)
    {
        var target = targets.OfProject(Principal.Of(context), projectId);
        return TypedResults.Ok(new TablesBody(await new SchemaReader(server.Capabilities.Cluster).TablesAsync(target.Database, context.RequestAborted)));
    }

    private static async Task<Ok<SqlResultEnvelope>> RowsAsync(HttpContext context, string projectId, string schema, string table, int? limit, DataTargets targets, SqlRunner runner)
    {
        var target = targets.OfProject(Principal.Of(context), projectId);
        var name = (Name(schema), Name(table));
        return TypedResults.Ok(new SqlResultEnvelope(await runner.RowsAsync(target, name, Math.Clamp(limit ?? DefaultRows, 1, SqlPolicy.MostRows), context.RequestAborted)));
    }

    /// <summary>The one character that routing leaves encoded is the slash. No name holds NUL.</summary>
    private static string Name(string segment)
    {
        var name = segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return name.Contains('\0', StringComparison.Ordinal) ? throw CapydException.NotFound("table") : name;
    }

    private static async Task<Ok<SchemaEnvelope>> ProjectAsync(HttpContext context, string projectId, DataTargets targets, PostgresServer server) =>
        TypedResults.Ok(await ReadAsync(targets.OfProject(Principal.Of(context), projectId), server, context.RequestAborted));

    private static async Task<Ok<SchemaEnvelope>> PreviewAsync(HttpContext context, string previewId, DataTargets targets, PostgresServer server) =>
        TypedResults.Ok(await ReadAsync(targets.OfPreview(Principal.Of(context), previewId), server, context.RequestAborted));

    private static async Task<SchemaEnvelope> ReadAsync(DataTarget target, PostgresServer server, CancellationToken cancellation) =>
        new(await new SchemaReader(server.Capabilities.Cluster).ReadAsync(target.Database, cancellation));
}
