using Capyd.Postgres.Cluster;

namespace Capyd.Archives;

/// <summary>Puts what a job has built under a live name. A rerun after any step finds it done.</summary>
internal static class FinishedBuild
{
    /// <summary>
    /// What was there is parked under the job's name (an empty database when nothing was). When neither the build nor a parked
    /// database is there, an earlier run has done this and removed what it replaced.
    /// </summary>
    public static async Task SwapInAsync(DatabaseAdmin databases, JobId job, DatabaseName live)
    {
        var (build, parked) = (WorkNames.Build(job), WorkNames.Parked(job));
        if (await databases.ExistsAsync(build, CancellationToken.None) || await databases.ExistsAsync(parked, CancellationToken.None))
        {
            await databases.SwapAsync(live, build, parked, CancellationToken.None);
        }
    }

    /// <summary>For a place whose replaced database is not kept: the caller drops the parked one, if there is one.</summary>
    public static async Task PlaceAsync(DatabaseAdmin databases, JobId job, DatabaseName live)
    {
        var build = WorkNames.Build(job);
        if (await databases.ExistsAsync(live, CancellationToken.None) || !await databases.ExistsAsync(build, CancellationToken.None))
        {
            await SwapInAsync(databases, job, live);
            return;
        }

        await databases.RenameAsync(build, live, CancellationToken.None);
    }
}
