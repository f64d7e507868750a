using System.Security.Cryptography;
using Capyd.Auth.Clerk;
using Capyd.Storage.ApiKeys;

namespace Capyd.Auth;

/// <summary>Whose credential a text is: an API key, or a Clerk session where that is configured (contract A.3).</summary>
internal sealed class Credentials(MetadataDatabase metadata, ClerkSessions clerk, TimeProvider clock)
{
    private static readonly TimeSpan LastUsedGranularity = TimeSpan.FromMinutes(1);

    public ValueTask<CheckedCredential> CheckAsync(string text) => clerk.Takes(text) ? clerk.CheckAsync(text) : CheckKeyAsync(text);

    private async ValueTask<CheckedCredential> CheckKeyAsync(string text)
    {
        var hash = ApiKeyToken.Parse(text)?.Hash;
        var row = hash is null ? null : metadata.Read(session => ApiKeyStore.FindByHash(session, hash));
        if (hash is null || row is null || !IsGood(row, hash))
        {
            return CheckedCredential.Refused(null);
        }

        await NoteUseAsync(row);
        return new CheckedCredential(Principal.Of(row), null);
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
}
