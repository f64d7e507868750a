using System.Text.Json;
using System.Text.Json.Serialization;
using Capyd.Auth;
using Capyd.Storage.Audit;

namespace Capyd.Audit;

/// <summary>What an audit row says beyond its action; ids only, never a secret.</summary>
/// <param name="Digest">Of SQL without its values.</param>
internal sealed record AuditDetail(
    string? JobId = null, string? ApiKeyId = null, string? PreviewId = null, string? BackupKey = null, string? Target = null, string? Name = null,
    string? Digest = null);

/// <summary>Writes audit rows, in the transaction of what they tell of (contract B.13, D.14).</summary>
internal static class AuditTrail
{
    public static void Append(MetadataTransaction tx, Principal principal, string action, ProjectId? project, DateTimeOffset at, AuditDetail detail) =>
        Append(tx, principal.Organization, (principal.Actor.Kind, principal.Actor.Id), action, project, at, detail);

    /// <summary>For what capyd does by itself, such as a scheduled backup.</summary>
    public static void AppendSystem(MetadataTransaction tx, OrganizationId organization, string action, ProjectId? project, DateTimeOffset at, AuditDetail detail) =>
        Append(tx, organization, ("system", null), action, project, at, detail);

    /// <summary>For what a person on the host does by a command.</summary>
    public static void AppendOperator(MetadataTransaction tx, OrganizationId organization, string action, ProjectId? project, DateTimeOffset at, AuditDetail detail) =>
        Append(tx, organization, ("operator", Environment.UserName), action, project, at, detail);

    private static void Append(
        MetadataTransaction tx, OrganizationId organization, (string Kind, string? Id) actor, string action, ProjectId? project, DateTimeOffset at, AuditDetail detail) =>
        AuditEventStore.Append(tx, new AuditEventRow
        {
            Id = AuditEventId.New(), OrganizationId = organization, ProjectId = project, Action = action, ActorKind = actor.Kind, ActorId = actor.Id,
            MetadataJson = JsonSerializer.Serialize(detail, AuditJson.Default.AuditDetail), CreatedAt = at,
        });
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditDetail))]
internal sealed partial class AuditJson : JsonSerializerContext;
