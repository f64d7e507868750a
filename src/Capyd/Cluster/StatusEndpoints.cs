using System.Text.Json.Serialization;
using Capyd.Auth;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Cluster;

/// <summary>Contract B.17; the bare object of <c>GET /status</c>.</summary>
internal sealed record StatusBody(
    string Service, string Status, DateTimeOffset UpdatedAt, DateTimeOffset GeneratedAt, IReadOnlyList<ComponentBody> Components, IReadOnlyList<RegionStatusBody> Regions);

internal sealed record ComponentBody(string Name, string Status, string? Message);

internal sealed record RegionStatusBody(string Region, string Status);

internal sealed record HealthBody(string Status, string? Problem);

internal sealed record RegionBody(string Id, string DisplayName, string Location);

internal sealed record RegionsBody(IReadOnlyList<string> Regions, IReadOnlyList<RegionBody> RegionDetails);

internal sealed record PostgresVersionBody(string Version, string Channel, bool Default, bool ProductionReady);

internal sealed record PostgresVersionsBody(IReadOnlyList<PostgresVersionBody> Versions);

/// <summary>How capyd and its server are. These tell the truth while PostgreSQL is down, too.</summary>
internal static class StatusEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Ok(new HealthBody("ok", null))).WithName("getLiveness").WithTags("status");
        routes.MapGet("/readyz", Ready).WithName("getReadiness").WithTags("status");
        routes.MapGet("/status", Status).WithName("getStatus").WithTags("status");
        routes.MapGet("/v1/regions", Regions).RequireScope("").WithName("listRegions").WithTags("status");
        routes.MapGet("/v1/postgres-versions", Versions).RequireScope("").WithName("listPostgresVersions").WithTags("status");
    }

    private static Results<Ok<HealthBody>, JsonHttpResult<HealthBody>> Ready(PostgresServer server) => server.Problem is { } problem
        ? TypedResults.Json(new HealthBody("unavailable", problem), StatusJson.Default.HealthBody, statusCode: 503)
        : TypedResults.Ok(new HealthBody("ok", null));

    private static Ok<StatusBody> Status(PostgresServer server, MetadataDatabase metadata, IEnumerable<IComponentStatus> others, CapydOptions options, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var jobs = metadata.Read(JobStore.CountByState);
        List<(ComponentBody Component, bool ConcernsSafety)> parts =
        [
            (new("Control plane API", "operational", null), true),
            (new("Metadata database", "operational", $"{jobs.GetValueOrDefault("running")} jobs running, {jobs.GetValueOrDefault("pending")} pending"), true),
            (new("PostgreSQL", server.IsAnswering ? "operational" : "unavailable", server.Problem is null ? server.Facts?.Version : "PostgreSQL does not answer"), true),
        ];
        foreach (var other in others)
        {
            if (other.Component is { } component)
            {
                parts.Add((component, other.ConcernsSafety));
            }
        }

        var state = OverallStatus.Of(parts);
        return TypedResults.Ok(new StatusBody("capydb-controlplane", state, now, now, parts.Select(part => part.Component).ToList(), [new RegionStatusBody(options.Region, state)]));
    }

    private static Ok<RegionsBody> Regions(CapydOptions options) =>
        TypedResults.Ok(new RegionsBody([options.Region], [new RegionBody(options.Region, options.Region, "this machine")]));

    private static Ok<PostgresVersionsBody> Versions(PostgresServer server)
    {
        ServerFacts facts = server.Facts ?? throw new CapydException(ErrorCode.PostgresUnavailable, "PostgreSQL has not answered yet, so its version is not known");
        var major = facts.Major.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return TypedResults.Ok(new PostgresVersionsBody([new PostgresVersionBody(major, "stable", true, true)]));
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(RegionsBody))]
[JsonSerializable(typeof(PostgresVersionsBody))]
internal sealed partial class StatusJson : JsonSerializerContext;
