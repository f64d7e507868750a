using System.Text.Json;
using Capyd.Auth;
using Capyd.Storage.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Webhooks;

/// <summary>Contract C.6: an organisation's webhook endpoints and their deliveries.</summary>
internal static class WebhookEndpoints
{
    private const int UsuallyListed = 25;
    private const int MostListed = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.MapGroup("/v1/organizations/{organizationId}/webhook-endpoints").WithTags("webhooks");
        endpoints.MapGet("", List).RequireScope(Scopes.OrganizationsRead).WithName("listWebhookEndpoints");
        endpoints.MapPost("", CreateAsync).RequireScope(Scopes.OrganizationsWrite).WithName("createWebhookEndpoint");
        endpoints.MapPatch("/{endpointId}", UpdateAsync).RequireScope(Scopes.OrganizationsWrite).WithName("updateWebhookEndpoint");
        endpoints.MapDelete("/{endpointId}", DeleteAsync).RequireScope(Scopes.OrganizationsWrite).WithName("deleteWebhookEndpoint");
        endpoints.MapPost("/{endpointId}/rotate-secret", RotateAsync).RequireScope(Scopes.OrganizationsWrite).WithName("rotateWebhookSecret");
        endpoints.MapGet("/{endpointId}/deliveries", Deliveries).RequireScope(Scopes.OrganizationsRead).WithName("listWebhookDeliveries");
        endpoints.MapPost("/{endpointId}/test", TestAsync).RequireScope(Scopes.OrganizationsWrite).WithName("testWebhookEndpoint");
        endpoints.MapPost("/{endpointId}/deliveries/{deliveryId}/redeliver", RepeatAsync).RequireScope(Scopes.OrganizationsWrite).WithName("redeliverWebhook");
    }

    private static Ok<WebhookEndpointsBody> List(HttpContext context, string organizationId, MetadataDatabase metadata)
    {
        var caller = Caller(context, organizationId);
        return TypedResults.Ok(metadata.Read(session =>
        {
            var failing = WebhookEndpointStore.ListFailing(session, caller.Organization);
            var rows = WebhookEndpointStore.List(session, caller.Organization);
            return new WebhookEndpointsBody([.. rows.Select(row => Present(row, failing.Contains(row.Id) ? "failing" : "healthy"))]);
        }));
    }

    private static async Task<Created<WebhookSecretBody>> CreateAsync(
        HttpContext context, string organizationId, CreateWebhookEndpointRequest? request, ChangeWebhooks change)
    {
        var (row, secret) = await change.CreateAsync(Caller(context, organizationId), request, context.RequestAborted);
        return TypedResults.Created($"{Path(row)}", new WebhookSecretBody(Present(row), secret.Plaintext));
    }

    private static async Task<Ok<WebhookEndpointEnvelope>> UpdateAsync(
        HttpContext context, string organizationId, string endpointId, UpdateWebhookEndpointRequest? request, ChangeWebhooks change) =>
        TypedResults.Ok(new WebhookEndpointEnvelope(Present(
            await change.UpdateAsync(Caller(context, organizationId), endpointId, request, context.RequestAborted))));

    private static async Task<Ok<WebhookDeletedBody>> DeleteAsync(HttpContext context, string organizationId, string endpointId, ChangeWebhooks change)
    {
        await change.DeleteAsync(Caller(context, organizationId), endpointId, context.RequestAborted);
        return TypedResults.Ok(new WebhookDeletedBody(true));
    }

    private static async Task<Ok<WebhookSecretBody>> RotateAsync(HttpContext context, string organizationId, string endpointId, ChangeWebhooks change)
    {
        var (row, secret) = await change.RotateAsync(Caller(context, organizationId), endpointId, context.RequestAborted);
        return TypedResults.Ok(new WebhookSecretBody(Present(row), secret.Plaintext));
    }

    private static Ok<WebhookDeliveriesBody> Deliveries(HttpContext context, string organizationId, string endpointId, int? limit, MetadataDatabase metadata)
    {
        var caller = Caller(context, organizationId);
        var rows = metadata.Read(session =>
            WebhookDeliveryStore.List(session, ChangeWebhooks.Find(session, caller, endpointId).Id, Math.Clamp(limit ?? UsuallyListed, 1, MostListed)));
        return TypedResults.Ok(new WebhookDeliveriesBody([.. rows.Select(Present)]));
    }

    private static async Task<Created<WebhookDeliveryEnvelope>> TestAsync(HttpContext context, string organizationId, string endpointId, RequestDelivery request) =>
        Accepted(organizationId, await request.TestAsync(Caller(context, organizationId), endpointId, context.RequestAborted));

    private static async Task<Created<WebhookDeliveryEnvelope>> RepeatAsync(
        HttpContext context, string organizationId, string endpointId, string deliveryId, RequestDelivery request) =>
        Accepted(organizationId, await request.RepeatAsync(Caller(context, organizationId), endpointId, deliveryId, context.RequestAborted));

    /// <summary>Endpoints hear of every project, so a key of one project has nothing to do with them.</summary>
    private static Principal Caller(HttpContext context, string organizationId)
    {
        var principal = Principal.Of(context);
        OrganizationAccess.Require(principal, organizationId);
        if (principal.Project is not null)
        {
            throw new CapydException(ErrorCode.Forbidden, "webhook endpoints belong to the organization, and this key is bound to one project");
        }

        return principal;
    }

    private static Created<WebhookDeliveryEnvelope> Accepted(string organizationId, WebhookDeliveryRow row) => TypedResults.Created(
        $"/v1/organizations/{organizationId}/webhook-endpoints/{row.EndpointId}/deliveries", new WebhookDeliveryEnvelope(Present(row)));

    private static string Path(WebhookEndpointRow row) => $"/v1/organizations/{row.OrganizationId}/webhook-endpoints/{row.Id}";

    private static WebhookEndpointBody Present(WebhookEndpointRow row, string? health = null) => new(
        row.Id.ToString(), row.OrganizationId.ToString(), row.Url, row.Description, row.EventTypes, row.IsActive, health, row.CreatedAt, row.UpdatedAt);

    private static WebhookDeliveryBody Present(WebhookDeliveryRow row) => new(
        row.Id.ToString(), row.EndpointId.ToString(), row.OrganizationId.ToString(), row.EventType, Json(row.Payload), row.State, row.Attempts,
        row.MaxAttempts, row.NextAttemptAt, row.DeliveredAt, row.ResponseStatus, row.LastError, row.CreatedAt, row.UpdatedAt);

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
