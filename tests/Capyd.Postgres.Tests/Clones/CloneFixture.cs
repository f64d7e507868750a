using Capyd.Postgres.Cluster;
using Capyd.Postgres.Clones;
using Capyd.Postgres.Tests.Dumps;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Tests.Clones;

/// <summary>Clones as the tests of this folder need them: into a database of another role.</summary>
internal sealed class CloneFixture(TemporaryCluster server)
{
    public DumpFixture Sources { get; } = new(server);

    public Password Password { get; } = Password.Random();

    public RoleName Owner { get; } = RoleName.Parse($"preview_{Guid.NewGuid():n}");

    public async Task<(DatabaseName Name, CloneResult Result)> CloneAsync(
        DatabaseName source, long templateMaxBytes = long.MaxValue, Action<string, double>? progress = null, CancellationToken cancellationToken = default)
    {
        await new RoleAdmin(server.Cluster).EnsureAsync(new RoleSpec(Owner, Password, -1, "test"), CancellationToken.None);
        var random = Guid.NewGuid().ToString("n")[..20];
        var name = DatabaseName.Parse($"clone_{random}");
        var request = new CloneRequest(source, name, Owner, new Dictionary<string, string> { ["statement_timeout"] = "9s" }, "test")
        {
            Loader = RoleName.Parse($"loader_{random}"), StagingDirectory = server.Directory, Jobs = 2, TemplateMaxBytes = templateMaxBytes,
            ApplicationName = "test clone", Progress = progress,
        };
        var clone = new DatabaseClone(server.Cluster, server.Binaries, server.Runner);
        try
        {
            return (name, await clone.RunAsync(request, cancellationToken));
        }
        catch (ToolFailedException e) when (e.Retry == RetryClass.Transient)
        {
            // As the job does: two workers of pg_restore may lock each other out over a partitioned index.
            await new DatabaseAdmin(server.Cluster).DropAsync(name, CancellationToken.None);
            return (name, await clone.RunAsync(request, cancellationToken));
        }
    }
}
