using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Organizations;

public static class OrganizationStore
{
    public static void Insert(MetadataTransaction transaction, OrganizationRow row) => transaction.Insert(
        "organizations",
        ("id", row.Id.ToString()),
        ("name", row.Name),
        ("slug", row.Slug),
        ("plan", row.Plan),
        ("created_at", row.CreatedAt),
        ("updated_at", row.UpdatedAt));

    public static OrganizationRow? Find(MetadataSession session, OrganizationId id) =>
        session.First("SELECT * FROM organizations WHERE id = @id", Map, ("id", id.ToString()));

    /// <summary>All organizations, oldest first.</summary>
    public static IReadOnlyList<OrganizationRow> List(MetadataSession session) =>
        session.Query("SELECT * FROM organizations ORDER BY created_at, rowid", Map);

    /// <summary>The oldest organization, or null before the first start has made one.</summary>
    public static OrganizationRow? First(MetadataSession session) =>
        session.First("SELECT * FROM organizations ORDER BY created_at, rowid LIMIT 1", Map);

    private static OrganizationRow Map(ResultRow row) => new()
    {
        Id = row.Id<OrganizationKind>("id"),
        Name = row.Text("name"),
        Slug = row.Text("slug"),
        Plan = row.Text("plan"),
        CreatedAt = row.Time("created_at"),
        UpdatedAt = row.Time("updated_at"),
    };
}
