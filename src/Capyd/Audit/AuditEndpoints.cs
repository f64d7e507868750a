using System.Text.Json;
using System.Text.Json.Serialization;
using Capyd.Auth;
using Capyd.Projects;
using Capyd.Storage.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Audit;

/// <summary>Contract B.13.</summary>
internal sealed record AuditEventBody(
    string Id, string OrganizationId, string? ProjectId, string Action, string ActorKind, string? ActorId, JsonElement Metadata, DateTimeOffset CreatedAt);

internal sealed record AuditEventsBody(IReadOnlyList<AuditEventBody> AuditEvents);

/// <summary>Contract C.5: who did what, newest first.</summary>
internal static class AuditEndpoints
{
    private const int DefaultListed = 25;
    private const int MostListed = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/projects/{projectId}/audit-events", OfProject).RequireScope(Scopes.ProjectsRead).WithName("listAuditEvents").WithTags("audit");
        routes.MapGet("/v1/organizations/{organizationId}/audit-events", OfOrganization).RequireScope(Scopes.OrganizationsRead)
            .WithName("listOrganizationAuditEvents").WithTags("audit");
    }

    private static Ok<AuditEventsBody> OfProject(HttpContext context, string projectId, int? limit, MetadataDatabase metadata) => Present(metadata.Read(
        session => AuditEventStore.ListByProject(session, ProjectAccess.Find(session, Principal.Of(context), projectId).Id, Clamp(limit))));

    private static Ok<AuditEventsBody> OfOrganization(HttpContext context, string organizationId, int? limit, MetadataDatabase metadata)
    {
        var organization = OrganizationAccess.Require(Principal.Of(context), organizationId);
        return Present(metadata.Read(session => AuditEventStore.ListByOrganization(session, organization, Clamp(limit))));
    }

    private static int Clamp(int? limit) => Math.Clamp(limit ?? DefaultListed, 1, MostListed);

    private static Ok<AuditEventsBody> Present(IReadOnlyList<AuditEventRow> rows) => TypedResults.Ok(new AuditEventsBody(rows.Select(Present).ToList()));

    private static AuditEventBody Present(AuditEventRow row)
    {
        using var metadata = JsonDocument.Parse(row.MetadataJson);
        return new AuditEventBody(
            row.Id.ToString(), row.OrganizationId.ToString(), row.ProjectId?.ToString(), row.Action, row.ActorKind, row.ActorId, metadata.RootElement.Clone(), row.CreatedAt);
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditEventsBody))]
internal sealed partial class AuditEventsJson : JsonSerializerContext;
