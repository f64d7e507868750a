using Capyd.Archives;
using Capyd.Cluster;
using Capyd.Jobs;

namespace Capyd.Restores;

/// <summary>What every restore does around its build: the role before it, the swap after it.</summary>
internal sealed class RestoreSwap(PostgresServer server, ProvenBuild builds)
{
    public ProvenBuild Builds { get; } = builds;

    public Task EnsureRoleAsync(RestorePlace place, CancellationToken cancellation) => server.Capabilities.Roles.EnsureAsync(place.Role, cancellation);

    /// <summary>Puts the build in its place, and removes what the job made beside it. A rerun finds it done.</summary>
    public async Task RunAsync(JobContext job, RestorePlace place)
    {
        var databases = server.Capabilities.Databases;
        await (place.KeepsReplaced ? FinishedBuild.SwapInAsync(databases, job.Row.Id, place.Database) : FinishedBuild.PlaceAsync(databases, job.Row.Id, place.Database));
        FaultPoint.Reach("restore.after_rename");
        if (!place.KeepsReplaced)
        {
            await databases.DropAsync(WorkNames.Parked(job.Row.Id), CancellationToken.None);
        }

        FaultPoint.Reach("restore.after_swap");
        await Builds.DiscardAsync(job, CancellationToken.None);
    }
}
