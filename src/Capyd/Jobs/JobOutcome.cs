namespace Capyd.Jobs;

/// <summary>The good end of a job: the change to commit with it, and what the caller may read in <c>job.result</c>.</summary>
internal sealed record JobOutcome(Action<MetadataTransaction> Commit, string? ResultJson = null)
{
    /// <summary>Done once the job has completed. It may be lost with the daemon, so it must be nothing that anybody relies on.</summary>
    public Func<CancellationToken, Task>? Afterwards { get; init; }
}
