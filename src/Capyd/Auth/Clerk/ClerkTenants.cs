using Capyd.Storage.Organizations;

namespace Capyd.Auth.Clerk;

/// <summary>Which organization here a Clerk organization is: the one that the configuration names, else its own, made when it is first seen.</summary>
internal sealed class ClerkTenants(MetadataDatabase metadata, CapydOptions options, TimeProvider clock)
{
    private const int LongestName = 100;

    public async ValueTask<OrganizationId> FindAsync(string clerkId, string? slug)
    {
        if (options.Clerk.Organizations.TryGetValue(clerkId, out var named))
        {
            return metadata.Read(session => Named(session, named));
        }

        var known = metadata.Read(session => ClerkOrganizationStore.Find(session, clerkId));
        if (known is not null && (slug is null || known.Slug == slug))
        {
            return known.OrganizationId;
        }

        return known is not null || options.Clerk.CreateOrganizations
            ? await metadata.WriteAsync(tx => Remember(tx, clerkId, slug), CancellationToken.None)
            : throw new CapydException(ErrorCode.Forbidden, "your Clerk organization has no place on this server", "the operator names it in auth.clerk.organizations");
    }

    private OrganizationId Remember(MetadataTransaction tx, string clerkId, string? slug)
    {
        var now = clock.GetUtcNow();
        var organization = ClerkOrganizationStore.Find(tx, clerkId)?.OrganizationId ?? Create(tx, clerkId, slug, now);
        ClerkOrganizationStore.Upsert(tx, new ClerkOrganizationRow(clerkId, organization, slug), now);
        return organization;
    }

    private OrganizationId Create(MetadataTransaction tx, string clerkId, string? slug, DateTimeOffset now)
    {
        var id = OrganizationId.New();
        var name = slug is { Length: > 0 and <= LongestName } && !slug.Any(char.IsControl) ? slug : clerkId;
        var taken = OrganizationStore.List(tx).Any(row => row.Slug == name);
        OrganizationStore.Insert(tx, new OrganizationRow
        {
            Id = id, Name = name, Slug = taken ? $"{name}-{id.Random[..6]}" : name, Plan = options.Plan.Name, CreatedAt = now, UpdatedAt = now,
        });
        return id;
    }

    private static OrganizationId Named(MetadataSession session, string idOrSlug) =>
        OrganizationStore.List(session).FirstOrDefault(row => row.Slug == idOrSlug || row.Id.ToString() == idOrSlug)?.Id
        ?? throw new CapydException(ErrorCode.Forbidden, $"your Clerk organization is said to be '{idOrSlug}' here, and there is no such organization", "the operator corrects auth.clerk.organizations");
}
