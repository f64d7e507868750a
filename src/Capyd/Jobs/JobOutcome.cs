namespace Capyd.Jobs;

/// <summary>The good end of a job: the change to commit with it, and what the caller may read in <c>job.result</c>.</summary>
internal sealed record JobOutcome(Action<MetadataTransaction> Commit, string? ResultJson = null);
