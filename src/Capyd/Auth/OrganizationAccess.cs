namespace Capyd.Auth;

internal static class OrganizationAccess
{
    /// <summary>The caller's own organisation; any other looks missing (contract A.5).</summary>
    public static OrganizationId Require(Principal principal, string organizationId) =>
        OrganizationId.TryParse(organizationId, out var id) && id == principal.Organization ? id : throw CapydException.NotFound("organization");
}
