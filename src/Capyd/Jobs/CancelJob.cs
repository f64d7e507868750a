using Capyd.Audit;
using Capyd.Auth;
using Capyd.Storage.Jobs;

namespace Capyd.Jobs;

/// <summary>Ends a pending job at once, and asks a running one to stop at its next safe point.</summary>
internal sealed class CancelJob(IEnumerable<IJobHandler> handlers, IEnumerable<IJobEndObserver> observers, JobQueue queue, JobRunner runner, JobWatch watch)
{
    public async Task<JobRow> RunAsync(Principal principal, string jobId, CancellationToken cancellation)
    {
        var row = await queue.AcceptAsync((tx, now) => Request(tx, principal, jobId, now), cancellation);
        runner.TryCancel(row.Id);
        watch.Changed(row.Id);
        return row;
    }

    private JobRow Request(MetadataTransaction tx, Principal principal, string jobId, DateTimeOffset now)
    {
        var row = JobEndpoints.Find(tx, principal, jobId);
        if (!JobStore.RequestCancel(tx, row.Id, now))
        {
            throw new CapydException(ErrorCode.WrongState, $"the job has ended: it is {row.State}");
        }

        if (JobStore.CancelPending(tx, row.Id, now))
        {
            handlers.FirstOrDefault(handler => handler.Type == row.Type)?.OnFailed(tx, row, "cancelled", now);
            foreach (var observer in observers)
            {
                observer.Ended(tx, row, "cancelled", now);
            }
        }

        AuditTrail.Append(tx, principal, "job.cancelled", row.ProjectId, now, new AuditDetail(JobId: row.Id.ToString()));
        return JobStore.Find(tx, row.Id)!;
    }
}
