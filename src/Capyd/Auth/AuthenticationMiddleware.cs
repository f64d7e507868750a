using System.Security.Cryptography;
using Capyd.Storage.ApiKeys;

namespace Capyd.Auth;

/// <summary>Finds the key of a request, and asks whether it may call this endpoint (contract A.3–A.5).</summary>
internal sealed class AuthenticationMiddleware(RequestDelegate next, MetadataDatabase metadata, CapydOptions options, TimeProvider clock)
{
    private static readonly TimeSpan LastUsedGranularity = TimeSpan.FromMinutes(1);
    private readonly FixedWindow _requests = new(options.Limits.RequestsPerMinute, clock);
    private readonly FixedWindow _failures = new(options.Limits.FailedLoginsPerMinute, clock);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>() is { } required)
        {
            var principal = await AuthenticateAsync(context);
            if (!principal.Has(required.Scope))
            {
                throw new CapydException(ErrorCode.Forbidden, $"this key lacks the scope {required.Scope}", "make one that has it: capyd keys create --scopes …");
            }

            context.Features.Set(principal);
        }

        await next(context);
    }

    private async Task<Principal> AuthenticateAsync(HttpContext context)
    {
        var hash = Credential(context.Request)?.Hash;
        var row = hash is null ? null : metadata.Read(session => ApiKeyStore.FindByHash(session, hash));
        if (hash is null || row is null || !IsGood(row, hash))
        {
            throw _failures.TryTake(context.Connection.RemoteIpAddress?.ToString() ?? "socket")
                ? new CapydException(ErrorCode.Unauthenticated, "the credential is missing, unknown, expired or revoked", "send Authorization: Bearer capy_live_…; capyd keys create makes a key")
                : TooMany(context, _failures, "too many wrong credentials from this address");
        }

        if (!_requests.TryTake(row.Id.ToString()))
        {
            throw TooMany(context, _requests, $"this key made more than {options.Limits.RequestsPerMinute} requests in a minute");
        }

        await NoteUseAsync(row);
        return Principal.Of(row);
    }

    private bool IsGood(ApiKeyRow row, byte[] hash) =>
        row.RevokedAt is null
        && (row.ExpiresAt is not { } expiry || expiry > clock.GetUtcNow())
        && CryptographicOperations.FixedTimeEquals(row.KeyHash, hash);

    private async Task NoteUseAsync(ApiKeyRow row)
    {
        var now = clock.GetUtcNow();
        if (row.LastUsedAt is null || now - row.LastUsedAt > LastUsedGranularity)
        {
            await metadata.WriteAsync(tx => ApiKeyStore.TouchLastUsed(tx, row.Id, now), CancellationToken.None);
        }
    }

    private static ApiKeyToken? Credential(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        var text = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : request.Headers["X-API-Key"].ToString();
        return ApiKeyToken.Parse(text);
    }

    private static CapydException TooMany(HttpContext context, FixedWindow window, string message)
    {
        context.Response.Headers.RetryAfter = window.RetryAfter.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new CapydException(ErrorCode.RateLimited, message, $"come back in {window.RetryAfter} s");
    }
}
