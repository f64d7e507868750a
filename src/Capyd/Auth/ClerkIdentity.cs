namespace Capyd.Auth;

/// <summary>The organization of a Clerk session, as Clerk names it.</summary>
internal sealed record ClerkIdentity(string OrganizationId, string? Role, string? Slug);
