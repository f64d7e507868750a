using Capyd.Auth;
using Microsoft.AspNetCore.Http.Features;

namespace Capyd.LoginSessions;

/// <summary>
/// The form of the page: a session and a credential. The credential is typed in for this one request and nothing of it is kept,
/// so another site that posts here has nothing to post with.
/// </summary>
internal sealed class LoginForm(Credentials credentials, MetadataDatabase metadata, CapydOptions options, TimeProvider clock)
{
    private const int LongestCredential = 20_000;
    private static readonly FormOptions Limits = new() { ValueCountLimit = 4, KeyLengthLimit = 64, ValueLengthLimit = LongestCredential, MultipartBodyLengthLimit = 0 };
    private readonly FixedWindow _failures = new(options.Limits.FailedLoginsPerMinute, clock);

    public async Task AuthorizeAsync(HttpContext context, string? sessionId)
    {
        var text = await CredentialAsync(context.Request);
        var (principal, problem) = await credentials.CheckAsync(text);
        if (principal is null)
        {
            throw _failures.TryTake(context.Connection.RemoteIpAddress?.ToString() ?? "socket")
                ? new CapydException(ErrorCode.Unauthenticated, problem is null ? "this key is unknown, expired or revoked" : $"this session token is not accepted: {problem}")
                : CapydException.TooMany("too many wrong credentials from this address", _failures.RetryAfter);
        }

        await metadata.WriteAsync(tx => AuthorizeLogin.Run(tx, principal, sessionId, clock.GetUtcNow()), context.RequestAborted);
    }

    private static async Task<string> CredentialAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
        {
            throw new CapydException(ErrorCode.UnsupportedMediaType, "the form of the page is taken here, and nothing else");
        }

        try
        {
            return (await request.ReadFormAsync(Limits, request.HttpContext.RequestAborted))["credential"].ToString().Trim();
        }
        catch (InvalidDataException)
        {
            throw CapydException.Invalid("the form is too large or torn");
        }
    }
}
