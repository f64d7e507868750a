namespace Capyd.Auth;

/// <summary>Finds out who asks, and whether they may call this endpoint (contract A.3–A.5).</summary>
internal sealed class AuthenticationMiddleware(RequestDelegate next, Credentials credentials, OperatorAccess operators, CapydOptions options, TimeProvider clock)
{
    private readonly FixedWindow _requests = new(options.Limits.RequestsPerMinute, clock);
    private readonly FixedWindow _failures = new(options.Limits.FailedLoginsPerMinute, clock);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>() is { } required && !IsOpen(required, context))
        {
            var principal = await AuthenticateAsync(context);
            if (!principal.Has(required.Scope))
            {
                throw principal.Clerk is null
                    ? new CapydException(ErrorCode.Forbidden, $"this key lacks the scope {required.Scope}", "make one that has it: capyd keys create --scopes …")
                    : new CapydException(ErrorCode.Forbidden, $"your role lacks the scope {required.Scope}", "an administrator of the organization has it");
            }

            context.Features.Set(principal);
        }

        await next(context);
    }

    private bool IsOpen(RequiredScope required, HttpContext context) =>
        required.UnlessLocal && options.Metrics.LocalWithoutKey && !HasCredential(context.Request) && LocalCaller.Is(context);

    private async Task<Principal> AuthenticateAsync(HttpContext context)
    {
        if (!HasCredential(context.Request) && operators.Find(context) is { } person)
        {
            return person;
        }

        var (principal, problem) = await credentials.CheckAsync(Credential(context.Request));
        if (principal is null)
        {
            throw _failures.TryTake(context.Connection.RemoteIpAddress?.ToString() ?? "socket")
                ? Unauthenticated(problem)
                : CapydException.TooMany("too many wrong credentials from this address", _failures.RetryAfter);
        }

        return _requests.TryTake(principal.Actor.Id ?? principal.Actor.Kind)
            ? principal
            : throw CapydException.TooMany(
                $"this {(principal.Clerk is null ? "key" : "session")} made more than {options.Limits.RequestsPerMinute} requests in a minute", _requests.RetryAfter);
    }

    private static CapydException Unauthenticated(string? problem) => problem is null
        ? new CapydException(ErrorCode.Unauthenticated, "the credential is missing, unknown, expired or revoked", "send Authorization: Bearer capy_live_…; capyd keys create makes a key")
        : new CapydException(ErrorCode.Unauthenticated, $"the session token is not accepted: {problem}", "log in again");

    private static bool HasCredential(HttpRequest request) => request.Headers.Authorization.Count > 0 || request.Headers.ContainsKey("X-API-Key");

    private static string Credential(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : request.Headers["X-API-Key"].ToString();
    }
}
