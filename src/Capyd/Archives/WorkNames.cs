using Capyd.Postgres.Cluster;

namespace Capyd.Archives;

/// <summary>
/// Names of what a job makes on the server for itself. They follow from the job's id, so that a rerun finds them and the sweep at
/// start knows whose they are.
/// </summary>
internal static class WorkNames
{
    public const string BuildPrefix = "capyd_build_";
    public const string ParkedPrefix = "capyd_parked_";
    public const string LoaderPrefix = "capyd_loader_";

    /// <summary>A database that is being filled and proven.</summary>
    public static DatabaseName Build(JobId job) => DatabaseName.Parse(BuildPrefix + job.Random);

    /// <summary>A database that was replaced, kept for undo.</summary>
    public static DatabaseName Parked(JobId job) => DatabaseName.Parse(ParkedPrefix + job.Random);

    /// <summary>The unprivileged role that runs an archive's SQL.</summary>
    public static RoleName Loader(JobId job) => RoleName.Parse(LoaderPrefix + job.Random);

    public static string Marker(JobId job) => $"capyd:{job}";

    /// <summary>The job that a work name belongs to; null when the name is none of ours.</summary>
    public static JobId? JobOf(string name)
    {
        foreach (var prefix in new[] { BuildPrefix, ParkedPrefix, LoaderPrefix })
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && JobId.TryParse("job_" + name[prefix.Length..], out var job))
            {
                return job;
            }
        }

        return null;
    }
}
