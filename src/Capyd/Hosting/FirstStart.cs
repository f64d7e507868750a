using Capyd.Storage.Organizations;

namespace Capyd.Hosting;

/// <summary>Gives a new data directory its identity and its one local organisation.</summary>
internal static class FirstStart
{
    public static Task EnsureAsync(MetadataDatabase metadata, CapydOptions options, TimeProvider clock) => metadata.WriteAsync(tx =>
    {
        ClusterIdentity.Ensure(tx);
        if (OrganizationStore.First(tx) is null)
        {
            var now = clock.GetUtcNow();
            OrganizationStore.Insert(tx, new OrganizationRow
            {
                Id = OrganizationId.New(), Name = options.OrganizationName, Slug = "local", Plan = options.Plan.Name, CreatedAt = now, UpdatedAt = now,
            });
        }
    }, CancellationToken.None);
}
