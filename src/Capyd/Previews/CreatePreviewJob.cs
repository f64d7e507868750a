using Capyd.Jobs;
using Capyd.Storage.Jobs;
using Capyd.Storage.Previews;

namespace Capyd.Previews;

/// <summary>Job: fills a new preview. One that fails stays, with its reason, until it is reset or deleted.</summary>
internal sealed class CreatePreviewJob(PreviewBuild build) : IJobHandler
{
    public const string JobType = "preview.create";

    public string Type => JobType;

    public Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation) => build.RunAsync(job, "provisioning", cancellation);

    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at) =>
        PreviewStore.SetState(tx, job.PreviewId!.Value, ["provisioning"], "failed", error, at);
}
