using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Organizations;

public static class ClerkOrganizationStore
{
    /// <summary>Remembers which organization it is, and its slug of today.</summary>
    public static void Upsert(MetadataTransaction transaction, ClerkOrganizationRow row, DateTimeOffset at) => transaction.Execute(
        """
        INSERT INTO clerk_organizations (clerk_organization_id, organization_id, slug, created_at, updated_at)
        VALUES (@clerk, @organization, @slug, @at, @at)
        ON CONFLICT (clerk_organization_id) DO UPDATE SET organization_id = excluded.organization_id, slug = excluded.slug, updated_at = excluded.updated_at
        """,
        ("clerk", row.ClerkId),
        ("organization", row.OrganizationId.ToString()),
        ("slug", row.Slug),
        ("at", at));

    public static ClerkOrganizationRow? Find(MetadataSession session, string clerkId) => session.First(
        "SELECT * FROM clerk_organizations WHERE clerk_organization_id = @clerk", Map, ("clerk", clerkId));

    public static ClerkOrganizationRow? FindByOrganization(MetadataSession session, OrganizationId organization) => session.First(
        "SELECT * FROM clerk_organizations WHERE organization_id = @organization", Map, ("organization", organization.ToString()));

    private static ClerkOrganizationRow Map(ResultRow row) =>
        new(row.Text("clerk_organization_id"), row.Id<OrganizationKind>("organization_id"), row.TextOrNull("slug"));
}
