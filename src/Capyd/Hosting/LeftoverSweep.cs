using Capyd.Archives;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.OffHost;
using Capyd.Postgres.Queries;
using Capyd.Postgres.Recovery;
using Capyd.Storage.Jobs;

namespace Capyd.Hosting;

/// <summary>
/// Run at start, before any job: what an earlier boot left behind is found by name and owner token, and removed unless an active
/// job will go on with it (trap 78). Jobs that it was running go back to the queue.
/// </summary>
internal sealed partial class LeftoverSweep(MetadataDatabase metadata, PostgresServer server, OpenedRepository repository, DataDirectory directories, BootId boot, TimeProvider clock, ILogger<LeftoverSweep> logger)
{
    /// <summary>Needs no server: half-written files, and jobs claimed by another boot.</summary>
    public async Task RunLocalAsync()
    {
        var files = repository.RemoveHalfWritten();
        foreach (var staged in Directory.EnumerateFiles(directories.Staging))
        {
            File.Delete(staged);
            files++;
        }

        foreach (var staged in Directory.EnumerateDirectories(directories.Staging))
        {
            Directory.Delete(staged, recursive: true);
            files++;
        }

        files += (await SandboxLeftovers.RemoveAsync(directories.Sandboxes, new HashSet<string>(), clock, CancellationToken.None)).Count;
        var jobs = await metadata.WriteAsync(tx => JobStore.RecoverOrphans(tx, boot.Value, clock.GetUtcNow()), CancellationToken.None);
        if (files > 0 || jobs.Count > 0)
        {
            LogRecovered(jobs.Count, files);
        }
    }

    /// <summary>Sessions, databases and roles of jobs that are not active any more.</summary>
    public async Task RunOnServerAsync(CancellationToken cancellation)
    {
        var postgres = server.Capabilities;
        var sessions = await postgres.Databases.TerminateByApplicationAsync(JobContext.ApplicationPrefix + "job_", cancellation);
        sessions += await postgres.Databases.TerminateByApplicationAsync(TenantQuery.SessionName, cancellation);
        var databases = 0;
        foreach (var (name, marker) in await postgres.Databases.ListAsync(WorkNames.BuildPrefix, cancellation))
        {
            if (WorkNames.JobOf(name.ToString()) is { } job && marker == WorkNames.Marker(job) && !IsActive(job))
            {
                await postgres.Databases.DropAsync(name, cancellation);
                databases++;
            }
        }

        foreach (var role in await postgres.Roles.ListAsync(WorkNames.LoaderPrefix, cancellation))
        {
            if (WorkNames.JobOf(role.ToString()) is { } job && !IsActive(job))
            {
                await postgres.Roles.DropAsync(role, cancellation);
            }
        }

        if (sessions > 0 || databases > 0)
        {
            LogSwept(sessions, databases);
        }
    }

    private bool IsActive(JobId job) => metadata.Read(session => JobStore.Find(session, job)) is { State: "pending" or "running" };

    [LoggerMessage(1100, LogLevel.Information, "after an earlier boot: {Jobs} jobs go on, {Files} half-written files removed")]
    private partial void LogRecovered(int jobs, int files);

    [LoggerMessage(1101, LogLevel.Information, "after an earlier boot: {Sessions} sessions ended, {Databases} scratch databases dropped")]
    private partial void LogSwept(int sessions, int databases);
}
