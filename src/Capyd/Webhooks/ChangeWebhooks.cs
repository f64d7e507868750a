using Capyd.Audit;
using Capyd.Auth;
using Capyd.Storage.Secrets;
using Capyd.Storage.Webhooks;

namespace Capyd.Webhooks;

/// <summary>Makes, changes and removes an organisation's endpoints; each with its audit row.</summary>
internal sealed class ChangeWebhooks(MetadataDatabase metadata, SecretBox secrets, CapydOptions options, TimeProvider clock)
{
    public const int MostEndpoints = 20;
    private const int LongestDescription = 500;

    public async Task<(WebhookEndpointRow Row, WebhookSecret Secret)> CreateAsync(Principal principal, CreateWebhookEndpointRequest? request, CancellationToken cancellation)
    {
        var types = EventTypes.Parse(request?.EventTypes);
        var description = Description(request?.Description);
        var url = await WebhookUrl.VetAsync(request?.Url, options.Webhooks.AllowPrivate, cancellation);
        var (id, secret, now) = (WebhookEndpointId.New(), WebhookSecret.New(), clock.GetUtcNow());
        var row = new WebhookEndpointRow
        {
            Id = id, OrganizationId = principal.Organization, Url = url, Description = description, EventTypes = types, IsActive = true,
            SecretSealed = secret.Seal(secrets, id), CreatedAt = now, UpdatedAt = now,
        };
        await metadata.WriteAsync(tx => Insert(tx, principal, row), cancellation);
        return (row, secret);
    }

    private static void Insert(MetadataTransaction tx, Principal principal, WebhookEndpointRow row)
    {
        if (WebhookEndpointStore.List(tx, principal.Organization).Count >= MostEndpoints)
        {
            throw CapydException.Invalid($"an organization has at most {MostEndpoints} webhook endpoints", "delete one that is not used any more");
        }

        WebhookEndpointStore.Insert(tx, row);
        Note(tx, principal, "webhook_endpoint.created", row.Id, row.CreatedAt);
    }

    public async Task<WebhookEndpointRow> UpdateAsync(Principal principal, string endpointId, UpdateWebhookEndpointRequest? request, CancellationToken cancellation)
    {
        metadata.Read(session => Find(session, principal, endpointId));
        var types = request?.EventTypes is null ? null : EventTypes.Parse(request.EventTypes);
        var description = Description(request?.Description);
        var url = request?.Url is null ? null : await WebhookUrl.VetAsync(request.Url, options.Webhooks.AllowPrivate, cancellation);
        return await metadata.WriteAsync(tx =>
        {
            var row = Find(tx, principal, endpointId);
            return Store(tx, principal, "webhook_endpoint.updated", row with
            {
                Url = url ?? row.Url, Description = request?.Description is null ? row.Description : description, EventTypes = types ?? row.EventTypes,
                IsActive = request?.IsActive ?? row.IsActive,
            });
        }, cancellation);
    }

    /// <summary>The old secret ends at once.</summary>
    public async Task<(WebhookEndpointRow Row, WebhookSecret Secret)> RotateAsync(Principal principal, string endpointId, CancellationToken cancellation)
    {
        var secret = WebhookSecret.New();
        var row = await metadata.WriteAsync(tx =>
        {
            var found = Find(tx, principal, endpointId);
            return Store(tx, principal, "webhook_endpoint.secret_rotated", found with { SecretSealed = secret.Seal(secrets, found.Id) });
        }, cancellation);
        return (row, secret);
    }

    public Task DeleteAsync(Principal principal, string endpointId, CancellationToken cancellation) => metadata.WriteAsync(tx =>
    {
        var row = Find(tx, principal, endpointId);
        WebhookEndpointStore.Delete(tx, row.Id);
        Note(tx, principal, "webhook_endpoint.deleted", row.Id, clock.GetUtcNow());
    }, cancellation);

    /// <summary>An endpoint of the caller's organisation; any other looks missing.</summary>
    public static WebhookEndpointRow Find(MetadataSession session, Principal principal, string endpointId) =>
        WebhookEndpointId.TryParse(endpointId, out var id) && WebhookEndpointStore.Find(session, id) is { } row && row.OrganizationId == principal.Organization
            ? row
            : throw CapydException.NotFound("endpoint");

    private WebhookEndpointRow Store(MetadataTransaction tx, Principal principal, string action, WebhookEndpointRow changed)
    {
        var row = changed with { UpdatedAt = clock.GetUtcNow() };
        WebhookEndpointStore.Update(tx, row);
        Note(tx, principal, action, row.Id, row.UpdatedAt);
        return row;
    }

    private static void Note(MetadataTransaction tx, Principal principal, string action, WebhookEndpointId endpoint, DateTimeOffset at) =>
        AuditTrail.Append(tx, principal, action, null, at, new AuditDetail(Target: endpoint.ToString()));

    private static string? Description(string? text) =>
        text is null || (text.Length <= LongestDescription && !text.Any(char.IsControl))
            ? string.IsNullOrWhiteSpace(text) ? null : text
            : throw CapydException.Invalid($"description: wants at most {LongestDescription} characters in one line");
}
