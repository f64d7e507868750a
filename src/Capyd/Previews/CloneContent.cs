using Capyd.Archives;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Clones;
using Capyd.Postgres.Cluster;
using Capyd.Projects;

namespace Capyd.Previews;

/// <summary>The project's database as it is now, as the content of a preview.</summary>
internal sealed class CloneContent(MetadataDatabase metadata, PostgresServer server, DataDirectory directories, CapydOptions options)
{
    private const double Share = 0.95;

    public async Task<PreviewResult> FillAsync(JobContext job, RoleName owner, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        var source = DatabaseName.Parse(ProjectJobs.Of(metadata, job).DatabaseName);
        var request = new CloneRequest(source, WorkNames.Build(job.Row.Id), owner, settings, WorkNames.Marker(job.Row.Id))
        {
            Loader = WorkNames.Loader(job.Row.Id), StagingDirectory = directories.Staging, Jobs = options.Restore.Jobs,
            TemplateMaxBytes = options.Previews.TemplateMaxBytes, ApplicationName = job.ApplicationName,
            Progress = (phase, done) => Report(job, phase, done), ToolEnded = job.Record,
        };
        var result = await server.Capabilities.Clones.RunAsync(request, cancellation);
        if (result.Differences.Count > 0)
        {
            throw new CapydException(ErrorCode.Internal, $"the clone is not what its snapshot showed, so it was thrown away: {Differences.Describe(result.Differences)}");
        }

        return result.Method == CloneResult.Template
            ? new PreviewResult(result.Method, result.Reason)
            : new PreviewResult(result.Method, result.Reason, result.Relations, result.Rows);
    }

    private static void Report(JobContext job, string phase, double done)
    {
        job.Report($"clone:{phase}", Share * done);
        if (phase == "owner")
        {
            FaultPoint.Reach("preview.after_files");
        }
        else if (phase == "indexes")
        {
            FaultPoint.Reach("preview_rows.after_rows");
        }
    }
}
