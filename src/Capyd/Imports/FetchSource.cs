using Capyd.Jobs;
using Capyd.Postgres.Imports;
using Capyd.Storage.Projects;
using Capyd.Storage.Repository;
using Capyd.Storage.Secrets;

namespace Capyd.Imports;

/// <summary>First step of an import by URL: the gate again, the checks again, and a dump of the source into a file.</summary>
internal sealed class FetchSource(SourceGate gate, Preflight preflight, ImportEngine engine, SecretBox secrets)
{
    public const double Share = 0.3;

    /// <summary>The file is whole and durable when this returns.</summary>
    /// <returns>The schemas of the source's provider, which were left out.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(JobContext job, ProjectRow project, ImportPlace place, CancellationToken cancellation)
    {
        job.Report("import:preflight", 0);
        var source = await gate.VetAsync(UrlOf(job, project), cancellation);
        var facts = await preflight.RequireAsync(source, project, cancellation);
        FaultPoint.Reach("import.after_preflight");
        job.Report("import:fetch", 0.01);
        place.PrepareFetch();
        var expected = Math.Max(1, facts.SizeBytes);
        var request = new RemoteDumpRequest(
            facts.Major, place.Fetched, facts.ProviderSchemas, project.StorageLimitBytes, bytes => job.Report("import:fetch", Share * Math.Min(1, (double)bytes / expected)));
        await engine.Dump.FetchAsync(SourceProbe.Remote(source) with { ApplicationName = job.ApplicationName }, request, cancellation);
        DurableFile.SyncFile(place.Fetched);
        DurableFile.SyncDirectory(place.Root);
        return facts.ProviderSchemas;
    }

    private string UrlOf(JobContext job, ProjectRow project) => secrets.Unseal(
        job.Row.SecretPayload ?? throw new InvalidOperationException("the source of this import is not there"), ImportPayload.Context(project.Id));
}
