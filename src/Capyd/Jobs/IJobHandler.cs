using Capyd.Storage.Jobs;

namespace Capyd.Jobs;

/// <summary>
/// What one type of job does. A handler may be run again after a crash at any point of an earlier run: each of its steps first looks
/// at what is there.
/// </summary>
internal interface IJobHandler
{
    /// <summary>The type on the wire, such as <c>project.backup</c> (contract C.9).</summary>
    string Type { get; }

    /// <summary>Does the work; what it changes in the metadata is committed together with the end of the job.</summary>
    Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation);

    /// <summary>Called in the transaction that ends the job as failed: says so on the thing that the job was for.</summary>
    void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at);

    /// <summary>Called once the job has ended as failed and that is written: removes at once what it left on disk. After a death of
    /// capyd the handler's housekeeping does it.</summary>
    void CleanUp(JobRow job)
    {
    }
}
