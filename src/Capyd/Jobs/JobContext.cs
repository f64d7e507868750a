using Capyd.Postgres.Tools;
using Capyd.Storage.Jobs;

namespace Capyd.Jobs;

/// <summary>One run of one job, as its handler sees it.</summary>
internal sealed class JobContext(JobRow row, JobLease lease, MetadataDatabase metadata, JobProgress progress)
{
    public JobRow Row { get; } = row;

    public JobLease Lease { get; } = lease;

    public TimeProvider Clock => progress.Clock;

    /// <summary>What sessions and tools of this job call themselves, so that those of a dead daemon can be found.</summary>
    public string ApplicationName => ApplicationPrefix + Row.Id;

    public const string ApplicationPrefix = "capyd:";

    public ProjectId Project => Row.ProjectId ?? throw new InvalidOperationException($"job {Row.Id} of type {Row.Type} names no project");

    public PreviewId Preview => Row.PreviewId ?? throw new InvalidOperationException($"job {Row.Id} of type {Row.Type} names no preview");

    public JobOutput Output { get; private set; } = new(null, null, null);

    /// <summary>Says where the work stands; shown at once to watchers, stored now and then.</summary>
    /// <param name="phase">A word, such as <c>dump</c>.</param>
    /// <param name="fraction">0–1 of the whole job.</param>
    public void Report(string phase, double fraction) => progress.Report(Lease, phase, Math.Clamp(fraction, 0, 1));

    /// <summary>Keeps the bounded, scrubbed end of a tool's output.</summary>
    public void Record(ToolOutcome outcome) => Output = new JobOutput(outcome.ExitCode, outcome.StdoutTail, outcome.StderrTail);

    /// <summary>Stores what has been achieved, for a run after a crash.</summary>
    public Task CheckpointAsync(string json) =>
        metadata.WriteAsync(tx => JobStore.SaveCheckpoint(tx, Lease, json, Clock.GetUtcNow()), CancellationToken.None);
}
