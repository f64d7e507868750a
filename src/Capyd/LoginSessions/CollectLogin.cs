using System.Security.Cryptography;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Storage.ApiKeys;
using Capyd.Storage.LoginSessions;
using Capyd.Storage.Organizations;

namespace Capyd.LoginSessions;

/// <summary>
/// Hands the key over, once. It is made in the moment of handing over, so that its plaintext is never kept; one that is lost on
/// the way is of no use to anybody.
/// </summary>
internal sealed class CollectLogin(MetadataDatabase metadata, TimeProvider clock)
{
    public async Task<LoginPollBody> PollAsync(string sessionId, string? pollToken, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var row = metadata.Read(session => LoginSession.Find(session, sessionId));
        if (!CryptographicOperations.FixedTimeEquals(StartLogin.HashOf(pollToken ?? ""), row.PollTokenHash))
        {
            throw new CapydException(ErrorCode.Unauthenticated, "the poll token is missing or wrong", "send what the start returned in X-CapyDB-Poll-Token");
        }

        LoginSession.RequireOpen(row, now);
        return row.AuthorizedAt is null
            ? new LoginPollBody(row.Id.ToString(), LoginSession.Pending, row.ExpiresAt)
            : await metadata.WriteAsync(tx => HandOver(tx, row.Id, now), cancellation);
    }

    private static LoginPollBody HandOver(MetadataTransaction tx, LoginSessionId id, DateTimeOffset now)
    {
        var row = LoginSessionStore.Find(tx, id)!;
        LoginSession.RequireOpen(row, now);
        var organization = OrganizationStore.Find(tx, row.OrganizationId!.Value)!;
        var (key, token) = new CreateApiKey(organization.Id, row.KeyName, row.Scopes, null, row.DeviceName, LoginSession.KeyExpiry(row, now)).Prepare(now);
        ApiKeyStore.Insert(tx, key with { Source = row.Source, CreatedByUserId = row.UserId });
        LoginSessionStore.Collect(tx, id, key.Id, now);
        AuditTrail.AppendSystem(tx, organization.Id, "api_key.created", null, now, new AuditDetail(ApiKeyId: key.Id.ToString(), Target: id.ToString(), Name: key.Name));
        return new LoginPollBody(
            id.ToString(), LoginSession.Completed, row.ExpiresAt, row.AuthorizedAt, organization.Id.ToString(), organization.Name, organization.Slug, token.Plaintext);
    }
}
