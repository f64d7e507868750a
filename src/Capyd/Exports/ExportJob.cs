using System.Text.Json;
using Capyd.Audit;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Capyd.Projects;
using Capyd.Storage.Exports;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;
using Capyd.Storage.Repository;

namespace Capyd.Exports;

/// <summary>Job: one dump into the repository. A file under its final name is whole, so a rerun adopts it.</summary>
internal sealed class ExportJob(MetadataDatabase metadata, PostgresServer server, IObjectStore objects, CapydOptions options) : IJobHandler
{
    public const string JobType = "project.export";

    /// <summary>pg_dump compresses, by how much is not known before.</summary>
    private const double MostReported = 0.95;

    public string Type => JobType;

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var project = ProjectJobs.Of(metadata, job);
        var export = metadata.Read(session => ExportStore.Find(session, ExportOf(job.Row))) ?? throw CapydException.NotFound("export");
        var name = ObjectName.Parse(export.ObjectKey);
        if (!await objects.ExistsAsync(name, cancellation))
        {
            await DumpAsync(job, project, name, cancellation);
        }

        FaultPoint.Reach("export.after_archive");
        var size = await SizeAsync(name, cancellation);
        return new JobOutcome(tx => Finish(tx, export, size, job), JsonSerializer.Serialize(new ExportResult(export.Id.ToString(), size), ExportsJson.Default.ExportResult));
    }

    private async Task DumpAsync(JobContext job, ProjectRow project, ObjectName name, CancellationToken cancellation)
    {
        var database = DatabaseName.Parse(project.DatabaseName);
        job.Report("dump", 0);
        FaultPoint.Reach("export.before_dump");
        var expected = Math.Max(1, await server.Capabilities.Databases.SizeAsync(database, cancellation));
        await objects.WriteAsync(
            name,
            (target, token) => server.Capabilities.Portable.RunAsync(
                new DumpRequest(
                    database, job.ApplicationName, (source, inner) => source.CopyToAsync(target, inner),
                    progress => job.Report("dump", Math.Min(MostReported, (double)progress.ArchiveBytes / expected)), job.Record),
                token),
            cancellation);
    }

    private async Task<long> SizeAsync(ObjectName name, CancellationToken cancellation)
    {
        await using var stored = await objects.OpenReadAsync(name, cancellation);
        return stored.Length;
    }

    private void Finish(MetadataTransaction tx, ExportRow export, long size, JobContext job)
    {
        var now = job.Clock.GetUtcNow();
        ExportStore.Complete(tx, export.Id, size, now.AddDays(options.Exports.KeepDays), now);
        AuditTrail.AppendSystem(
            tx, export.OrganizationId, "export.completed", export.ProjectId, now, new AuditDetail(JobId: job.Row.Id.ToString(), Target: export.Id.ToString()));
    }

    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at) => ExportStore.Fail(tx, ExportOf(job), error, at);

    private static ExportId ExportOf(JobRow job) =>
        ExportId.Parse(JsonSerializer.Deserialize(job.PayloadJson, ExportsJson.Default.ExportPayload)!.ExportId);
}
