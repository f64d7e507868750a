using System.Text.Json.Serialization;
using Capyd.Jobs;

namespace Capyd.Projects;

/// <summary>Contract B.1, both eras.</summary>
internal sealed record ProjectBody(
    string Id, string OrganizationId, string ClusterId, string Name, string Slug, string Environment, string Region, string Plan, string State,
    string DatabaseName, string RoleName, string? PublicHost, int DirectPort, int PooledPort, string? SslMode, int MaxConnections,
    long StorageLimitBytes, string StatementTimeout, string IdleTransactionTimeout, bool AlwaysOn, string? PostgresVersion,
    string PrimaryInstanceId, string? RuntimeStatus, string? LatestJobId, string? LastError, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record ProjectEnvelope(ProjectBody Project);

internal sealed record ProjectsBody(IReadOnlyList<ProjectBody> Projects);

internal sealed record ProjectCreatedBody(ProjectBody Project, JobBody Job);

internal sealed record CreateProjectRequest(
    string? Name, string? Slug, string? Region, string? Environment, string? PostgresVersion, string? OrganizationId, string? ClusterId);

internal sealed record UpdateProjectRequest(string? Environment, bool? AlwaysOn, string? Name);

internal sealed record RotateCredentialsRequest(int? GraceHours);

/// <summary>Contract B.9.</summary>
internal sealed record ConnectionsBody(string Username, string DirectUrl, string? PooledUrl);

internal sealed record ConnectionsEnvelope(ConnectionsBody Connections);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProjectEnvelope))]
[JsonSerializable(typeof(ProjectsBody))]
[JsonSerializable(typeof(ProjectCreatedBody))]
[JsonSerializable(typeof(CreateProjectRequest))]
[JsonSerializable(typeof(UpdateProjectRequest))]
[JsonSerializable(typeof(RotateCredentialsRequest))]
[JsonSerializable(typeof(ConnectionsEnvelope))]
internal sealed partial class ProjectsJson : JsonSerializerContext;
