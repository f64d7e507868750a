namespace Capyd.Repository;

/// <summary>What the host has to know of this slice. Its commands work on the repository without a daemon.</summary>
internal static class RepositoryModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<MetadataSnapshotStore>();
        services.AddSingleton<MetadataCopies>();
        services.AddDueWork<MetadataSnapshots>();
    }
}
