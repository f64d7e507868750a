namespace Capyd.Storage.Jobs;

/// <summary>The right to change a running job: this attempt, of this start of the daemon.</summary>
public readonly record struct JobLease(JobId Job, string BootId, int Attempt);
