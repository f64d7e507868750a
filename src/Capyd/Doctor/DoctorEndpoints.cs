using Capyd.Auth;
using Capyd.Cluster;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Doctor;

/// <summary>The examination from inside the service, with its confinement: <c>capyd doctor</c> asks for it over the Unix socket.</summary>
internal static class DoctorEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/doctor", RunAsync).RequireScope(Scopes.Everything).ExcludeFromDescription();

    /// <summary>What is said of the host is for who administers it, not for tenants.</summary>
    private static async Task<Ok<DoctorReport>> RunAsync(HttpContext context, Examination examination, PostgresServer server)
    {
        if (Principal.Of(context).Actor.Kind != "operator")
        {
            throw new CapydException(ErrorCode.Forbidden, "this speaks of the host and is for its operators", "on the host: sudo capyd doctor");
        }

        var cluster = server.IsAnswering ? server.Capabilities.Cluster : null;
        return TypedResults.Ok(await examination.RunAsync("daemon", cluster, server.Problem, context.RequestAborted));
    }
}
