using Capyd.Archives;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Previews;

namespace Capyd.Previews;

/// <summary>What goes into a preview's new database: a clone of the project's, a backup, a moment of the past, or nothing.</summary>
internal sealed class PreviewContent(PostgresServer server, PreviewPlan plan, CloneContent clones, PastContent past)
{
    public async Task<PreviewResult> FillAsync(JobContext job, PreviewRow preview, CancellationToken cancellation)
    {
        job.Report("prepare", 0);
        var role = plan.Role(preview);
        await server.Capabilities.Roles.EnsureAsync(role, cancellation);
        FaultPoint.Reach("preview.after_role");
        var settings = plan.Settings();
        return (preview.SourceKind, preview.Mode) switch
        {
            (PreviewSources.Backup, _) => await past.Backups.FillAsync(job, preview.SourceBackupKey!, role.Name, settings, cancellation),
            (PreviewSources.Moment, _) => await past.Moments.FillAsync(job, role.Name, settings, cancellation),
            (_, PreviewSources.Clone) => await clones.FillAsync(job, role.Name, settings, cancellation),
            _ => await LeaveEmptyAsync(job, role.Name, settings, cancellation),
        };
    }

    /// <summary>As a new project's database is.</summary>
    private async Task<PreviewResult> LeaveEmptyAsync(JobContext job, RoleName owner, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        var databases = server.Capabilities.Databases;
        var build = WorkNames.Build(job.Row.Id);
        await databases.ProvisionAsync(new DatabaseSpec(build, owner, null, settings, Marker: WorkNames.Marker(job.Row.Id)), cancellation);
        await databases.EnsureExtensionsAsync(build, plan.Extensions, cancellation);
        return new PreviewResult("empty", "it was asked for without content");
    }
}
