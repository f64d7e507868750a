using Capyd.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.LoginSessions;

/// <summary>Contract C.6: begin and poll are public; details and authorize are for who decides.</summary>
internal static class LoginEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var sessions = routes.MapGroup("/v1/cli/login/sessions").WithTags("login");
        sessions.MapPost("", StartAsync).WithName("startLogin");
        sessions.MapGet("/{sessionId}", PollAsync).WithName("pollLogin");
        sessions.MapGet("/{sessionId}/details", Details).RequireScope("").WithName("getLoginDetails");
        sessions.MapPost("/{sessionId}/authorize", AuthorizeAsync).RequireScope(Scopes.ApiKeysWrite).WithName("authorizeLogin");
    }

    private static async Task<Created<LoginStartedBody>> StartAsync(HttpContext context, StartLoginRequest? request, StartLogin start)
    {
        var (row, pollToken) = await start.RunAsync(request, context.Connection.RemoteIpAddress?.ToString() ?? "socket", context.RequestAborted);
        return TypedResults.Created($"/v1/cli/login/sessions/{row.Id}", new LoginStartedBody(row.Id.ToString(), pollToken, LoginSession.Pending, row.ExpiresAt));
    }

    private static async Task<Ok<LoginPollBody>> PollAsync(HttpContext context, string sessionId, string? poll_token, CollectLogin collect)
    {
        var header = context.Request.Headers["X-CapyDB-Poll-Token"].ToString();
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await collect.PollAsync(sessionId, header.Length > 0 ? header : poll_token, context.RequestAborted));
    }

    private static Ok<LoginDetailsBody> Details(string sessionId, MetadataDatabase metadata, TimeProvider clock)
    {
        var (row, now) = (metadata.Read(session => LoginSession.Find(session, sessionId)), clock.GetUtcNow());
        LoginSession.RequireOpen(row, now);
        return TypedResults.Ok(LoginSession.Details(row, now));
    }

    private static async Task<Ok<LoginDetailsBody>> AuthorizeAsync(HttpContext context, string sessionId, MetadataDatabase metadata, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var row = await metadata.WriteAsync(tx => AuthorizeLogin.Run(tx, Principal.Of(context), sessionId, now), context.RequestAborted);
        return TypedResults.Ok(LoginSession.Details(row, now));
    }
}
