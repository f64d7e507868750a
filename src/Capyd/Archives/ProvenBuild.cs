using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;

namespace Capyd.Archives;

/// <summary>What to build from an archive.</summary>
/// <param name="Owner">Who shall own the content; null for a scratch database, which its loader owns.</param>
/// <param name="Settings">Database-level settings of the finished database.</param>
/// <param name="KeepPrivileges">Whether grants of the archive are restored: only where the owner is the one that made them.</param>
/// <param name="Analyze">Whether the planner's statistics are gathered before the build counts as ready.</param>
internal sealed record BuildPlan(RoleName? Owner, IReadOnlyDictionary<string, string> Settings, bool KeepPrivileges, bool Analyze);

/// <summary>
/// Restores an archive into a fresh database, as an unprivileged role, reads the inventory of the result and compares it with the
/// one of the dump. What comes out of here without a difference is proven.
/// </summary>
internal sealed partial class ProvenBuild(
    PostgresServer server, ArchiveStore archives, DataDirectory directories, CapydOptions options, ILogger<ProvenBuild> logger)
{
    private const double UnpackShare = 0.1;
    private const double RestoreShare = 0.95;

    /// <summary>Builds <see cref="WorkNames.Build"/> anew and returns every difference to the archive's inventory.</summary>
    public async Task<IReadOnlyList<InventoryDifference>> BuildAsync(
        JobContext job, ArchiveManifest manifest, BuildPlan plan, Action<string, double> report, CancellationToken cancellation)
    {
        await DiscardAsync(job, cancellation);
        try
        {
            return await FillAndCompareAsync(job, manifest, plan, report, cancellation);
        }
        catch
        {
            await DiscardAfterFailureAsync(job);
            throw;
        }
    }

    private async Task<IReadOnlyList<InventoryDifference>> FillAndCompareAsync(
        JobContext job, ArchiveManifest manifest, BuildPlan plan, Action<string, double> report, CancellationToken cancellation)
    {
        var postgres = server.Capabilities;
        var password = Password.Random();
        report("prepare", 0);
        await PrepareAsync(postgres, job.Row.Id, manifest, plan, password, cancellation);
        FaultPoint.Reach("build.after_prepare");
        var request = Request(job, manifest, plan, password, report);
        var loaded = await postgres.Archives.RestoreAsync(request, cancellation);
        FaultPoint.Reach("build.after_restore");
        report("compare", RestoreShare);
        var statistics = plan.Analyze ? postgres.Archives.AnalyzeAsync(request, cancellation) : Task.CompletedTask;
        var found = ReadAsync(job, manifest, loaded, report, cancellation);
        await Task.WhenAll(statistics, found);
        FaultPoint.Reach("build.after_compare");
        return InventoryComparison.Compare(manifest.Inventory, await found);
    }

    private Task<Inventory> ReadAsync(JobContext job, ArchiveManifest manifest, LoadedRows loaded, Action<string, double> report, CancellationToken cancellation) =>
        server.Capabilities.Inventories.ReadLikeAsync(
            manifest.Inventory, loaded, WorkNames.Build(job.Row.Id), job.ApplicationName, done => report("compare", RestoreShare + ((1 - RestoreShare) * done)), cancellation);

    /// <summary>Removes whatever this job made on the server. Safe to repeat.</summary>
    public async Task DiscardAsync(JobContext job, CancellationToken cancellation)
    {
        var postgres = server.Capabilities;
        await postgres.Databases.DropAsync(WorkNames.Build(job.Row.Id), cancellation);
        await postgres.Roles.DropAsync(WorkNames.Loader(job.Row.Id), cancellation);
    }

    /// <summary>The first cause counts; what cannot be removed now is removed by the next run or the next start.</summary>
    private async Task DiscardAfterFailureAsync(JobContext job)
    {
        try
        {
            await DiscardAsync(job, CancellationToken.None);
        }
        catch (PostgresFailedException e)
        {
            LogNotDiscarded(e, job.Row.Id);
        }
    }

    private static async Task PrepareAsync(
        PostgresCapabilities postgres, JobId job, ArchiveManifest manifest, BuildPlan plan, Password password, CancellationToken cancellation)
    {
        var loader = WorkNames.Loader(job);
        await postgres.Roles.EnsureAsync(new RoleSpec(loader, password, -1, WorkNames.Marker(job)), cancellation);
        if (plan.Owner is { } owner)
        {
            await postgres.Roles.GrantAsync(owner, loader, cancellation);
        }

        var spec = new DatabaseSpec(WorkNames.Build(job), plan.Owner ?? loader, manifest.Inventory.Locale, plan.Settings, Marker: WorkNames.Marker(job));
        await postgres.Databases.ProvisionAsync(spec, cancellation);
    }

    private RestoreRequest Request(JobContext job, ArchiveManifest manifest, BuildPlan plan, Password password, Action<string, double> report) => new(
        WorkNames.Build(job.Row.Id), plan.Owner ?? WorkNames.Loader(job.Row.Id), WorkNames.Loader(job.Row.Id), password, manifest.Inventory,
        plan.KeepPrivileges, directories.Staging, options.Restore.Jobs, job.ApplicationName,
        token => archives.OpenAsync(manifest, share => report("unpack", UnpackShare * share), token), (phase, done) => report(phase, Share(phase, done)), job.Record);

    private static double Share(string phase, double done) => phase == "load" ? UnpackShare + ((RestoreShare - UnpackShare) * done) : 0;

    [LoggerMessage(4000, LogLevel.Warning, "what job {Job} left on the server could not be removed; the next start removes it")]
    private partial void LogNotDiscarded(Exception e, JobId job);
}
