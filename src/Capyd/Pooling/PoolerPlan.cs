using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Pooler;
using Capyd.Storage.Previews;
using Capyd.Storage.Projects;

namespace Capyd.Pooling;

/// <summary>What the pooler ought to offer: each database that its tenant may use, with the verifier that the server has now.</summary>
internal sealed class PoolerPlan(MetadataDatabase metadata, PostgresServer server, CapydOptions options)
{
    public async Task<IReadOnlyList<PooledDatabase>> ReadAsync(CancellationToken cancellation)
    {
        var wanted = metadata.Read(Wanted).Where(one => PooledDatabase.IsPossible(one.Database, one.Role)).ToList();
        var verifiers = await new RoleVerifiers(server.Capabilities.Cluster).ReadAsync([.. wanted.Select(one => one.Role)], cancellation);
        return [.. wanted.Where(one => verifiers.ContainsKey(one.Role)).Select(one => new PooledDatabase(one.Database, one.Role, verifiers[one.Role], PoolSize(one.MaxConnections)))];
    }

    private List<(DatabaseName Database, RoleName Role, int MaxConnections)> Wanted(MetadataSession session)
    {
        var projects = ProjectStore.ListAllLive(session);
        var previews = PreviewStore.ListAllLive(session).Where(preview => preview.State is "ready" or "restoring");
        return
        [
            .. projects.Where(project => project.State is not ("provisioning" or "failed" or "deleting"))
                .Select(project => (DatabaseName.Parse(project.DatabaseName), RoleName.Parse(project.RoleName), project.MaxConnections)),
            .. previews.Select(preview => (DatabaseName.Parse(preview.DatabaseName), RoleName.Parse(preview.RoleName), options.Plan.MaxConnections)),
        ];
    }

    /// <summary>Half of the role's connections stay for direct ones.</summary>
    private int PoolSize(int maxConnections) => Math.Max(1, Math.Min(options.Pooler.PoolSize, maxConnections / 2));
}
