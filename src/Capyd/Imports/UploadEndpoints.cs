using Capyd.Auth;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Imports;

/// <summary>Contract C.3: a slot, and the signed URL behind it, which needs no credential.</summary>
internal static class UploadEndpoints
{
    private const string Purpose = "upload";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/projects/{projectId}/imports/uploads", CreateAsync).RequireScope(Scopes.ProjectsWrite).WithName("createImportUpload").WithTags("imports");
        routes.MapPut("/v1/uploads/{uploadId}", ReceiveAsync).WithName("putImportUpload").WithTags("imports");
    }

    private static async Task<Created<UploadEnvelope>> CreateAsync(HttpContext context, string projectId, UploadSlots slots, SignedUrl urls)
    {
        var row = await slots.CreateAsync(Principal.Of(context), projectId, context.RequestAborted);
        var url = urls.Make(context.Request, Purpose, PathOf(row.Id), row.ExpiresAt);
        return TypedResults.Created(PathOf(row.Id), new UploadEnvelope(new UploadBody(UploadSlots.KeyOf(row.Id), url, row.ExpiresAt)));
    }

    private static async Task<Ok<UploadedEnvelope>> ReceiveAsync(
        HttpContext context, string uploadId, string? expires, string? signature, UploadReceiver receiver, SignedUrl urls)
    {
        urls.Require(Purpose, $"/v1/uploads/{uploadId}", expires, signature);
        var upload = UploadId.TryParse(uploadId, out var id) ? id : throw CapydException.NotFound("upload");
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null; // the receiver counts: the server would count the framing of chunks too
        }

        var row = await receiver.ReceiveAsync(upload, context.Request.ContentLength, context.Request.Body, context.RequestAborted);
        return TypedResults.Ok(new UploadedEnvelope(new UploadedBody(UploadSlots.KeyOf(row.Id), row.SizeBytes!.Value, row.Sha256!, row.ExpiresAt)));
    }

    private static string PathOf(UploadId upload) => $"/v1/uploads/{upload}";
}
