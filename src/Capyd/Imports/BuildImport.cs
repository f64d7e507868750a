using System.Globalization;
using Capyd.Archives;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Dumps;
using Capyd.Projects;
using Capyd.Storage.Projects;
using Capyd.Storage.Secrets;

namespace Capyd.Imports;

/// <summary>Third step: the archive into a fresh database of production, by the project's own role, compared object by object.</summary>
internal sealed class BuildImport(ProvenBuild builds, PostgresServer server, SecretBox secrets)
{
    private const double End = 0.95;

    /// <summary>When this returns the build is what came out of quarantine, and within the plan.</summary>
    public async Task RunAsync(JobContext job, ProjectRow project, ImportPlace place, StagedImport staged, CancellationToken cancellation)
    {
        var role = ProjectDatabase.Role(project, secrets);
        await server.Capabilities.Roles.EnsureAsync(role, cancellation);
        var source = new BuildSource(staged.Inventory, read => [ArchivePart.Whole(_ => Task.FromResult(place.OpenArchive(read)))]);
        var plan = new BuildPlan(role.Name, ProjectDatabase.Settings(project.StatementTimeout, project.IdleTransactionTimeout), KeepPrivileges: false, Analyze: true);
        var differences = await builds.BuildAsync(
            job, source, plan, (phase, done) => job.Report($"import:{phase}", StageSource.End + ((End - StageSource.End) * done)), cancellation);
        if (differences.Count > 0)
        {
            await RefuseAsync(job, $"the imported copy is not what was loaded, so nothing was replaced: {Differences.Describe(differences)}");
        }

        var size = await server.Capabilities.Databases.SizeAsync(WorkNames.Build(job.Row.Id), cancellation);
        if (size > project.StorageLimitBytes)
        {
            await RefuseAsync(job, string.Create(CultureInfo.InvariantCulture, $"the import takes {size} bytes, and the project may hold {project.StorageLimitBytes}; nothing was replaced"));
        }
    }

    private async Task RefuseAsync(JobContext job, string why)
    {
        await builds.DiscardAsync(job, CancellationToken.None);
        throw CapydException.Invalid(why);
    }
}
