using Capyd.Storage.ApiKeys;

namespace Capyd.Auth;

/// <summary>Who asks: the organisation, what its key may do, and the one project it is bound to, if any.</summary>
internal sealed record Principal(OrganizationId Organization, IReadOnlyList<string> ScopeList, ProjectId? Project, Actor Actor)
{
    /// <summary>How it proved who it is: <c>api_key</c>, <c>clerk_session</c> or <c>admin_token</c> (contract A.3).</summary>
    public string AuthSource { get; init; } = "api_key";

    /// <summary>A person who may approve and administer: an organisation's administrator, or who is logged in on the host.</summary>
    public bool IsAdministrator { get; init; }

    /// <summary>The value of <see cref="AuthSource"/> for a person in the dashboard.</summary>
    public const string ClerkSession = "clerk_session";

    /// <summary>Set for a Clerk session.</summary>
    public ClerkIdentity? Clerk { get; init; }

    /// <summary>The person behind a session; null for keys.</summary>
    public string? UserId => Actor.Kind == "user" ? Actor.Id : null;

    public static Principal Of(ApiKeyRow key) =>
        new(key.OrganizationId, key.Scopes, key.ProjectId, new Actor("api_key", key.Id.ToString()));

    /// <summary>The principal of a request that passed authentication.</summary>
    public static Principal Of(HttpContext context) =>
        context.Features.Get<Principal>() ?? throw new InvalidOperationException("this endpoint takes no credential, so there is no principal");

    public bool Has(string scope) => scope.Length == 0 || ScopeList.Contains(Scopes.Everything) || ScopeList.Contains(scope);

    /// <summary>Refuses keys that are bound to one project, and persons who do not administer the organization (contract A.5).</summary>
    public void RequireOrganizationWide()
    {
        if (Clerk is not null && !IsAdministrator)
        {
            throw new CapydException(ErrorCode.Forbidden, "this needs an administrator of the organization");
        }

        if (Project is not null)
        {
            throw new CapydException(ErrorCode.Forbidden, "this needs an organization-wide key, and this key is bound to one project");
        }
    }
}
