using Capyd.Storage.Jobs;

namespace Capyd.Jobs;

/// <summary>Told of each job that ends, inside the transaction that ends it: what it writes is as durable as the end itself.</summary>
internal interface IJobEndObserver
{
    /// <param name="error">Null when the job completed.</param>
    void Ended(MetadataTransaction tx, JobRow job, string? error, DateTimeOffset at);
}
