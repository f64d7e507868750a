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
internal sealed record BuildPlan(RoleName? Owner, IReadOnlyDictionary<string, string> Settings, bool KeepPrivileges, bool Analyze)
{
    /// <summary>The database-level settings that <c>pg_dump</c> leaves out, and over them those of the plan.</summary>
    public static IReadOnlyDictionary<string, string> Over(Inventory inventory, IReadOnlyDictionary<string, string> planSettings)
    {
        var settings = inventory.Properties.Settings.Where(setting => setting.Role is null).ToDictionary(setting => setting.Name, setting => setting.Value);
        foreach (var (name, value) in planSettings)
        {
            settings[name] = value;
        }

        return settings;
    }
}

/// <summary>What is built: the inventory that the result has to match, and the archive.</summary>
/// <param name="Open">The plain custom-format bytes; told a callback for the share that has been read.</param>
internal sealed record BuildSource(Inventory Inventory, Func<Action<double>, IReadOnlyList<ArchivePart>> Open);

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
    public Task<IReadOnlyList<InventoryDifference>> BuildAsync(
        JobContext job, ArchiveManifest manifest, BuildPlan plan, Action<string, double> report, CancellationToken cancellation) =>
        BuildAsync(job, new BuildSource(manifest.Inventory, read => archives.Open(manifest, read)), plan, report, cancellation);

    /// <summary>The same from an archive that is no backup.</summary>
    public async Task<IReadOnlyList<InventoryDifference>> BuildAsync(
        JobContext job, BuildSource source, BuildPlan plan, Action<string, double> report, CancellationToken cancellation)
    {
        await DiscardAsync(job, cancellation);
        try
        {
            Task<IReadOnlyList<InventoryDifference>> Fill() => FillAndCompareAsync(job, source, plan, report, cancellation);
            return plan.Owner is null ? await Fill() : await server.Rush.DuringAsync(Fill);
        }
        catch
        {
            await DiscardAfterFailureAsync(job);
            throw;
        }
    }

    private async Task<IReadOnlyList<InventoryDifference>> FillAndCompareAsync(
        JobContext job, BuildSource source, BuildPlan plan, Action<string, double> report, CancellationToken cancellation)
    {
        var postgres = server.Capabilities;
        var password = Password.Random();
        report("prepare", 0);
        var request = Request(job, source, plan, password, report) with { Provision = token => ProvisionAsync(postgres, job.Row.Id, source, plan, password, token) };
        return await postgres.Archives.RestoreAsync(request, async loaded =>
        {
            FaultPoint.Reach("build.after_restore");
            report("compare", RestoreShare);
            var statistics = plan.Analyze ? postgres.Archives.AnalyzeAsync(request, cancellation) : Task.CompletedTask;
            var found = ReadAsync(job, source, loaded, report, cancellation);
            await Task.WhenAll(statistics, found);
            FaultPoint.Reach("build.after_compare");
            return InventoryComparison.Compare(source.Inventory, await found);
        }, cancellation);
    }

    private Task<Inventory> ReadAsync(JobContext job, BuildSource source, LoadedRows loaded, Action<string, double> report, CancellationToken cancellation) =>
        server.Capabilities.Inventories.ReadLikeAsync(
            source.Inventory, loaded, WorkNames.Build(job.Row.Id), job.ApplicationName, done => report("compare", RestoreShare + ((1 - RestoreShare) * done)), cancellation);

    /// <summary>Removes whatever this job made on the server. Safe to repeat.</summary>
    public async Task DiscardAsync(JobContext job, CancellationToken cancellation)
    {
        var postgres = server.Capabilities;
        await postgres.Databases.DropAsync(WorkNames.Build(job.Row.Id), cancellation);
        await postgres.Roles.DropAsync(WorkNames.Loader(job.Row.Id), cancellation);
    }

    /// <summary>The first cause counts; what cannot be removed now is removed by the next run or the next start.</summary>
    public async Task DiscardAfterFailureAsync(JobContext job)
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

    private static async Task ProvisionAsync(
        PostgresCapabilities postgres, JobId job, BuildSource source, BuildPlan plan, Password password, CancellationToken cancellation)
    {
        var loader = WorkNames.Loader(job);
        await postgres.Roles.EnsureAsync(new RoleSpec(loader, password, -1, WorkNames.Marker(job)), cancellation);
        if (plan.Owner is { } owner)
        {
            await postgres.Roles.GrantAsync(owner, loader, cancellation);
        }

        var spec = new DatabaseSpec(WorkNames.Build(job), plan.Owner ?? loader, source.Inventory.Locale, plan.Settings, Marker: WorkNames.Marker(job));
        await postgres.Databases.ProvisionAsync(spec, cancellation);
        FaultPoint.Reach("build.after_prepare");
    }

    private RestoreRequest Request(JobContext job, BuildSource source, BuildPlan plan, Password password, Action<string, double> report) => new(
        WorkNames.Build(job.Row.Id), plan.Owner ?? WorkNames.Loader(job.Row.Id), WorkNames.Loader(job.Row.Id), password, source.Inventory,
        plan.KeepPrivileges, directories.Staging, options.Restore.Jobs, job.ApplicationName,
        source.Open(share => report("unpack", UnpackShare * share)), (phase, done) => report(phase, Share(phase, done)), job.Record);

    private static double Share(string phase, double done) => phase == "load" ? UnpackShare + ((RestoreShare - UnpackShare) * done) : 0;

    [LoggerMessage(4000, LogLevel.Warning, "what job {Job} left on the server could not be removed; the next start removes it")]
    private partial void LogNotDiscarded(Exception e, JobId job);
}
