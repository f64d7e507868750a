using Capyd.Postgres.Imports;
using Capyd.Storage.Repository;

namespace Capyd.Imports;

/// <summary>The directories of imports, named by their jobs.</summary>
internal sealed class ImportPlaces(DataDirectory directories)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The directory of this job, made when it is not there.</summary>
    public ImportPlace Open(JobId job)
    {
        var place = new ImportPlace(PathOf(job));
        if (!Directory.Exists(place.Root))
        {
            // Confined programs run as another user when capyd is root, and have to pass through.
            Directory.CreateDirectory(place.Root, Environment.IsPrivilegedProcess ? Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Private);
            DurableFile.SyncDirectory(directories.Imports);
        }

        return place;
    }

    /// <summary>Ends what may still run there, and removes it. Nothing when it is gone.</summary>
    public void Remove(JobId job)
    {
        var place = new ImportPlace(PathOf(job));
        if (Directory.Exists(place.Root))
        {
            ClearQuarantine(place);
            Directory.Delete(place.Root, recursive: true);
        }
    }

    /// <summary>Ends and removes the throw-away cluster of an earlier run.</summary>
    public static void ClearQuarantine(ImportPlace place)
    {
        if (Directory.Exists(place.Quarantine))
        {
            Quarantine.RemoveLeftovers(place.Quarantine);
        }
    }

    /// <summary>The jobs that have a directory here.</summary>
    public IReadOnlyList<JobId> List() =>
        [.. Directory.EnumerateDirectories(directories.Imports).Select(path => JobId.TryParse("job_" + Path.GetFileName(path), out var job) ? job : (JobId?)null).OfType<JobId>()];

    private string PathOf(JobId job) => Path.Combine(directories.Imports, job.Random);
}
