using System.Globalization;
using System.Text.Json.Serialization;
using Capyd.Auth;
using Capyd.Cluster;
using Capyd.Wal;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Projects;

/// <summary>Contract B.16.</summary>
internal sealed record ClusterBody(
    string Id, string Name, string Provider, string Region, string PublicHost, int DirectPort, int PooledPort, string? PostgresVersion, IReadOnlyList<string> Extensions,
    string State, bool SupportsPointInTimeRecovery);

internal sealed record ClustersBody(IReadOnlyList<ClusterBody> Clusters);

/// <summary>The one server, as older clients list it.</summary>
internal static class ClusterEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/clusters", List).RequireScope("").WithName("listClusters").WithTags("status");

    private static Ok<ClustersBody> List(ClusterIdentity identity, PostgresServer server, ProjectPresenter presenter, WalState wal, CapydOptions options) => TypedResults.Ok(new ClustersBody(
    [
        new ClusterBody(
            identity.Id.ToString(), options.Region, "self-hosted", options.Region, options.PublicHost, presenter.DirectPort, presenter.PooledPort,
            server.Facts?.Major.ToString(CultureInfo.InvariantCulture), options.DefaultExtensions, server.IsAnswering ? "ready" : "unavailable", wal.IsStreaming),
    ]));
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClustersBody))]
internal sealed partial class ClustersJson : JsonSerializerContext;
