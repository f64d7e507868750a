namespace Capyd.Auth.Clerk;

/// <summary>Turns a session token of the configured Clerk instance into who asks (contract A.3, A.5).</summary>
internal sealed class ClerkSessions(ClerkKeys keys, ClerkTenants tenants, CapydOptions options, TimeProvider clock)
{
    /// <summary>What a member may do who is no administrator: everything but the organization's own affairs.</summary>
    private static readonly string[] MemberScopes =
        [.. Scopes.All.Where(scope => scope is not (Scopes.OrganizationsWrite or Scopes.ApiKeysWrite))];

    /// <summary>Whether the text is meant as a session token at all.</summary>
    public bool Takes(string credential) => options.Clerk.IsOn && credential.Contains('.', StringComparison.Ordinal);

    /// <exception cref="CapydException">The token is good, but its organization has no place here.</exception>
    public async ValueTask<CheckedCredential> CheckAsync(string credential)
    {
        if (SessionToken.Parse(credential, out var problem) is not { } token)
        {
            return CheckedCredential.Refused(problem);
        }

        if (await keys.FindAsync(token.KeyId) is not { } key)
        {
            return CheckedCredential.Refused("the key that it names is not known");
        }

        problem = token.IsSignedBy(key) ? SessionClaims.Problem(token.Claims, options.Clerk, clock.GetUtcNow()) : "its signature is wrong";
        return problem is null ? new CheckedCredential(await PrincipalAsync(SessionClaims.Of(token.Claims)), null) : CheckedCredential.Refused(problem);
    }

    private async ValueTask<Principal> PrincipalAsync(SessionClaims claims)
    {
        var clerkOrganization = claims.OrganizationId
            ?? throw new CapydException(ErrorCode.Forbidden, "this session has no active organization", "choose an organization in the dashboard first");
        var organization = await tenants.FindAsync(clerkOrganization, claims.Slug);
        IReadOnlyList<string> scopes = claims.IsAdministrator ? [Scopes.Everything] : MemberScopes;
        return new Principal(organization, scopes, null, new Actor("user", claims.UserId))
        {
            AuthSource = Principal.ClerkSession, IsAdministrator = claims.IsAdministrator,
            Clerk = new ClerkIdentity(clerkOrganization, claims.Role, claims.Slug),
        };
    }
}
