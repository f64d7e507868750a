namespace Capyd.Storage.Jobs;

/// <summary>The job is not run by this lease any more; the change was not made.</summary>
public sealed class LeaseLostException(JobLease lease) : Exception(
    $"Attempt {lease.Attempt} of {lease.Job} no longer holds its lease: the job has ended, or another start of the "
    + "daemon has taken it over. Nothing was changed; stop this attempt.")
{
    public JobLease Lease => lease;
}
