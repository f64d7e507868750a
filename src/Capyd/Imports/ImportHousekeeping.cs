using Capyd.Jobs;
using Capyd.Storage.Jobs;
using Capyd.Storage.Uploads;

namespace Capyd.Imports;

/// <summary>Removes uploads whose time is over, and what uploads and imports that broke off left on disk.</summary>
internal sealed class ImportHousekeeping(MetadataDatabase metadata, UploadFiles files, ImportPlaces places, BootId boot, TimeProvider clock) : IDueWork
{
    public string Name => "uploads and imports";

    public async Task TickAsync(CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        await metadata.WriteAsync(tx => { UploadStore.ReopenOrphans(tx, boot.Value, now); }, stopping);
        foreach (var due in metadata.Read(session => UploadStore.ListDue(session, now)))
        {
            if (await metadata.WriteAsync(tx => Forget(tx, due), stopping))
            {
                files.Delete(due.Id);
            }
        }

        files.RemoveStrays(() => metadata.Read(UploadStore.List));
        foreach (var job in places.List().Where(job => !IsActive(job)))
        {
            places.Remove(job);
        }
    }

    /// <summary>A file that a job of its project may be reading stays for now.</summary>
    private static bool Forget(MetadataTransaction tx, UploadRow row) =>
        !JobStore.HasConflict(tx, JobQueue.ProjectLock(row.ProjectId), "exclusive") && UploadStore.Delete(tx, row.Id);

    private bool IsActive(JobId job) => metadata.Read(session => JobStore.Find(session, job)) is { State: "pending" or "running" };
}
