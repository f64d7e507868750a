namespace Capyd.LoginSessions;

/// <summary>Where the command line sends a browser (contract E.2). Not part of the API and not in its document.</summary>
internal static class LoginPageEndpoints
{
    private const string Path = "/dashboard/cli/login";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ShowAsync).ExcludeFromDescription();
        routes.MapPost(Path, AuthorizeAsync).ExcludeFromDescription();
    }

    private static Task ShowAsync(HttpContext context, string? session, MetadataDatabase metadata, TimeProvider clock) =>
        AskAsync(context, session, null, metadata, clock);

    private static async Task AuthorizeAsync(HttpContext context, string? session, LoginForm form, MetadataDatabase metadata, TimeProvider clock)
    {
        try
        {
            await form.AuthorizeAsync(context, session);
            await WriteAsync(context, 200, LoginPage.Done());
        }
        catch (CapydException e)
        {
            await AskAsync(context, session, e, metadata, clock);
        }
    }

    /// <summary>The form, or why there is none for this session.</summary>
    private static async Task AskAsync(HttpContext context, string? session, CapydException? problem, MetadataDatabase metadata, TimeProvider clock)
    {
        try
        {
            var (row, now) = (metadata.Read(reading => LoginSession.Find(reading, session)), clock.GetUtcNow());
            LoginSession.RequireOpen(row, now);
            var page = row.AuthorizedAt is null ? LoginPage.Ask(row, problem?.Message, now) : LoginPage.Done();
            await WriteAsync(context, row.AuthorizedAt is null && problem is not null ? problem.Code.Status : 200, page);
        }
        catch (CapydException e)
        {
            await WriteAsync(context, e.Code.Status, LoginPage.Refused(e.Message));
        }
    }

    private static Task WriteAsync(HttpContext context, int status, string page)
    {
        var headers = context.Response.Headers;
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        headers.ContentSecurityPolicy = LoginPage.Policy;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        return context.Response.WriteAsync(page, context.RequestAborted);
    }
}
