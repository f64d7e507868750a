using Capyd.Audit;
using Capyd.Projects;
using Capyd.Storage.ApiKeys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Auth;

/// <summary>Contract C.6: an organisation's API keys.</summary>
internal static class ApiKeyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/v1/organizations/{organizationId}/api-keys").WithTags("api-keys");
        keys.MapGet("", List).RequireScope(Scopes.ApiKeysRead).WithName("listApiKeys");
        keys.MapPost("", Create).RequireScope(Scopes.ApiKeysWrite).WithName("createApiKey");
        keys.MapDelete("/{keyId}", Revoke).RequireScope(Scopes.ApiKeysWrite).WithName("revokeApiKey");
    }

    private static Ok<ApiKeysBody> List(HttpContext context, string organizationId, MetadataDatabase metadata, TimeProvider clock)
    {
        var organization = OrganizationAccess.Require(Principal.Of(context), organizationId);
        var rows = metadata.Read(session => ApiKeyStore.ListByOrganization(session, organization));
        return TypedResults.Ok(new ApiKeysBody(rows.Select(row => ToBody(row, clock.GetUtcNow())).ToList()));
    }

    private static async Task<Created<ApiKeyCreatedBody>> Create(
        HttpContext context, string organizationId, CreateApiKeyRequest? request, MetadataDatabase metadata, TimeProvider clock)
    {
        var principal = Principal.Of(context);
        var organization = OrganizationAccess.Require(principal, organizationId);
        principal.RequireOrganizationWide();
        var now = clock.GetUtcNow();
        var project = request?.ProjectId is { Length: > 0 } id ? metadata.Read(session => ProjectAccess.Find(session, principal, id)).Id : (ProjectId?)null;
        var (row, token) = new CreateApiKey(organization, request?.Name, request?.Scopes, project, request?.DeviceName, request?.ExpiresAt).Prepare(now);
        row = row with { CreatedByUserId = principal.UserId };
        RefuseMoreThanOwn(principal, row);
        await metadata.WriteAsync(tx =>
        {
            ApiKeyStore.Insert(tx, row);
            AuditTrail.Append(tx, principal, "api_key.created", project, now, new AuditDetail(ApiKeyId: row.Id.ToString()));
        }, context.RequestAborted);
        return TypedResults.Created($"/v1/organizations/{organization}/api-keys/{row.Id}", new ApiKeyCreatedBody(ToBody(row, now), token.Plaintext));
    }

    /// <summary>A key makes no key that may do more than itself.</summary>
    private static void RefuseMoreThanOwn(Principal principal, ApiKeyRow row)
    {
        if (row.Scopes.FirstOrDefault(scope => !principal.Has(scope)) is { } excess)
        {
            throw new CapydException(ErrorCode.Forbidden, $"this key lacks the scope {excess}, so it cannot give it to another");
        }
    }

    private static async Task<Ok<RevokedBody>> Revoke(
        HttpContext context, string organizationId, string keyId, MetadataDatabase metadata, TimeProvider clock)
    {
        var principal = Principal.Of(context);
        var organization = OrganizationAccess.Require(principal, organizationId);
        var now = clock.GetUtcNow();
        await metadata.WriteAsync(tx =>
        {
            if (!ApiKeyId.TryParse(keyId, out var id) || ApiKeyStore.Find(tx, id) is not { } row || row.OrganizationId != organization)
            {
                throw CapydException.NotFound("api key");
            }

            if (ApiKeyStore.Revoke(tx, id, now))
            {
                AuditTrail.Append(tx, principal, "api_key.revoked", row.ProjectId, now, new AuditDetail(ApiKeyId: id.ToString()));
            }
        }, context.RequestAborted);
        return TypedResults.Ok(new RevokedBody(true));
    }

    private static ApiKeyBody ToBody(ApiKeyRow row, DateTimeOffset now) => new(
        row.Id.ToString(), row.OrganizationId.ToString(), row.Name, row.KeyPrefix, row.Scopes, row.Source,
        row.RevokedAt is null && !(row.ExpiresAt <= now), row.Manager, row.ProjectId?.ToString(), row.DeviceName, row.CreatedByUserId,
        row.CreatedAt, row.ExpiresAt, row.LastUsedAt, row.RevokedAt);
}
