using System.Security.Cryptography;
using System.Text;
using Capyd.Auth;
using Capyd.Storage.LoginSessions;

namespace Capyd.LoginSessions;

/// <summary>Anybody may begin a login; nothing comes of it until a person authorizes it. Bounded for each address and altogether.</summary>
internal sealed class StartLogin(MetadataDatabase metadata, CapydOptions options, TimeProvider clock)
{
    private const int MostOpen = 1000;
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);
    private readonly FixedWindow _starts = new(options.Limits.FailedLoginsPerMinute, clock);

    public Task<(LoginSessionRow Row, string PollToken)> RunAsync(StartLoginRequest? request, string address, CancellationToken cancellation)
    {
        if (!_starts.TryTake(address))
        {
            throw CapydException.TooMany("too many logins were begun from this address", _starts.RetryAfter);
        }

        var pollToken = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var row = Draft(request, HashOf(pollToken), clock.GetUtcNow());
        return metadata.WriteAsync(tx =>
        {
            LoginSessionStore.Prune(tx, row.CreatedAt - Remembered);
            if (LoginSessionStore.CountOpen(tx, row.CreatedAt) >= MostOpen)
            {
                throw CapydException.TooMany("too many logins wait to be authorized", (int)LoginSession.Lifetime.TotalSeconds);
            }

            LoginSessionStore.Insert(tx, row);
            return (row, pollToken);
        }, cancellation);
    }

    public static byte[] HashOf(string pollToken) => SHA256.HashData(Encoding.UTF8.GetBytes(pollToken));

    /// <summary>The key that is wanted passes the checks of any other key now, so that a person is not asked in vain.</summary>
    private static LoginSessionRow Draft(StartLoginRequest? request, byte[] pollTokenHash, DateTimeOffset now)
    {
        var source = Source(request?.Source);
        var name = FirstGiven(request?.Name, request?.DeviceName) ?? $"{source} login";
        var scopes = request?.Scopes is { Count: > 0 } asked ? asked : UsualScopes(source);
        var (key, _) = new CreateApiKey(OrganizationId.New(), name, scopes, null, FirstGiven(request?.DeviceName), request?.ExpiresAt).Prepare(now);
        return new LoginSessionRow
        {
            Id = LoginSessionId.New(), PollTokenHash = pollTokenHash, Source = source, KeyName = key.Name, DeviceName = key.DeviceName, Scopes = key.Scopes,
            KeyExpiresAt = key.ExpiresAt, ExpiresAt = now + LoginSession.Lifetime, CreatedAt = now,
        };
    }

    private static string Source(string? asked) => asked switch
    {
        null or "" or "cli" => "cli",
        "agent" => "agent",
        _ => throw CapydException.Invalid("source: is cli or agent"),
    };

    /// <summary>A person at the command line may do all; an agent leaves the organization and its keys alone unless it asks.</summary>
    private static IReadOnlyList<string> UsualScopes(string source) =>
        source == "agent" ? [.. Scopes.All.Except(Scopes.OrganizationLevel), Scopes.OrganizationsRead] : [Scopes.Everything];

    private static string? FirstGiven(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                return text;
            }
        }

        return null;
    }
}
