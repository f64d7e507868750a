using Capyd.Storage.Jobs;

namespace Capyd.Jobs;

/// <summary>What a slice says of a job that it wants done.</summary>
internal sealed record NewJob(string Type, OrganizationId Organization)
{
    public ProjectId? Project { get; init; }
    public PreviewId? Preview { get; init; }
    public string PayloadJson { get; init; } = "{}";
    /// <summary>Sealed; forgotten when the job ends.</summary>
    public byte[]? SecretPayload { get; init; }

    public string? LockedResource { get; init; }

    /// <summary>A job that only reads (a backup) shares the resource with its like.</summary>
    public bool Shared { get; init; }
}

/// <summary>Accepts jobs. The row is written in the caller's transaction, beside the resource and the audit row.</summary>
internal sealed class JobQueue(MetadataDatabase metadata, JobWatch watch, CapydOptions options, TimeProvider clock)
{
    /// <summary>Runs the caller's transaction and wakes the worker once it is durable.</summary>
    public async Task<T> AcceptAsync<T>(Func<MetadataTransaction, DateTimeOffset, T> work, CancellationToken cancellation)
    {
        var result = await metadata.WriteAsync(tx => work(tx, clock.GetUtcNow()), cancellation);
        watch.Accepted();
        return result;
    }

    /// <summary>Writes the job row; a resource that another operation holds is a refusal.</summary>
    public JobRow Enqueue(MetadataTransaction tx, NewJob job, DateTimeOffset at)
    {
        var mode = job.Shared ? "shared" : "exclusive";
        if (job.LockedResource is { } resource && JobStore.HasConflict(tx, resource, mode))
        {
            throw CapydException.Busy();
        }

        var row = new JobRow
        {
            Id = JobId.New(), OrganizationId = job.Organization, ProjectId = job.Project, PreviewId = job.Preview, Type = job.Type,
            State = "pending", PayloadJson = job.PayloadJson, SecretPayload = job.SecretPayload, MaxAttempts = options.Jobs.MaxAttempts, RunAfter = at,
            LockedResource = job.LockedResource, LockMode = mode, CreatedAt = at, UpdatedAt = at,
        };
        JobStore.Insert(tx, row);
        return row;
    }

    public static string ProjectLock(ProjectId project) => $"project:{project}";

    public static string PreviewLock(PreviewId preview) => $"preview:{preview}";
}
