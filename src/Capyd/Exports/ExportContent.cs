using System.Globalization;
using Capyd.Auth;
using Capyd.Storage.Exports;
using Capyd.Storage.Repository;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Capyd.Exports;

/// <summary>The file itself, for whoever has a signed URL: also in parts, so that a broken download can be resumed.</summary>
internal static class ExportContent
{
    public const string Purpose = "export";

    public static string PathOf(ExportId id) => $"/v1/exports/{id}/content";

    /// <summary>Not in the document of the API: the URL is handed out, never built.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/v1/exports/{exportId}/content", [HttpMethods.Get, HttpMethods.Head], ServeAsync).WithName("getExportContent").ExcludeFromDescription();

    /// <exception cref="CapydException">409 before it is finished, 410 when its time is over.</exception>
    public static void RequireThere(ExportRow row, DateTimeOffset now)
    {
        switch (row.State)
        {
            case ExportStates.Running:
                throw new CapydException(ErrorCode.WrongState, "the export is not finished", "wait for its job to end");
            case ExportStates.Failed:
                throw new CapydException(ErrorCode.WrongState, $"the export failed: {row.Error}", "start another");
            case ExportStates.Completed when row.ExpiresAt > now:
                return;
            default:
                throw new CapydException(ErrorCode.Gone, "the export has expired", "start another");
        }
    }

    private static async Task<FileStreamHttpResult> ServeAsync(
        HttpContext context, string exportId, MetadataDatabase metadata, SignedUrl urls, IObjectStore objects, TimeProvider clock)
    {
        urls.Require(Purpose, $"/v1/exports/{exportId}/content", context.Request.Query["expires"], context.Request.Query["signature"]);
        var row = metadata.Read(session => ExportId.TryParse(exportId, out var id) ? ExportStore.Find(session, id) : null) ?? throw CapydException.NotFound("export");
        RequireThere(row, clock.GetUtcNow());
        context.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Stream(
            await OpenAsync(objects, row, context.RequestAborted), "application/octet-stream", FileName(row), row.CompletedAt,
            new EntityTagHeaderValue($"\"{row.Id}\""), enableRangeProcessing: true);
    }

    /// <summary>Its removal may have begun since the row was read.</summary>
    private static async Task<Stream> OpenAsync(IObjectStore objects, ExportRow row, CancellationToken cancellation)
    {
        try
        {
            return await objects.OpenReadAsync(ObjectName.Parse(row.ObjectKey), cancellation);
        }
        catch (ObjectMissingException)
        {
            throw new CapydException(ErrorCode.Gone, "the file of the export is not there any more", "start another");
        }
    }

    private static string FileName(ExportRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.DatabaseName}-{row.CreatedAt:yyyyMMdd'T'HHmmss'Z'}.dump");
}
