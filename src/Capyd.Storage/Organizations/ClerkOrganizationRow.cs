namespace Capyd.Storage.Organizations;

/// <summary>An organization of a Clerk instance, and which one it is here.</summary>
/// <param name="ClerkId">Clerk's own id, <c>org_…</c>.</param>
/// <param name="Slug">As it was last seen.</param>
public sealed record ClerkOrganizationRow(string ClerkId, OrganizationId OrganizationId, string? Slug);
