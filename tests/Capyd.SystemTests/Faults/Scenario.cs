namespace Capyd.SystemTests.Faults;

/// <summary>One thing that is asked of the daemon while it is bound to die on the way, and how to see that it was done once.</summary>
public abstract class Scenario
{
    /// <summary>The type of the one job that <see cref="DriveAsync"/> starts; null when no job does the work.</summary>
    public abstract string? JobType { get; }

    /// <summary>On a daemon that will not die: whatever has to be there.</summary>
    public virtual Task PrepareAsync(FaultGround ground) => Task.CompletedTask;

    /// <summary>On the armed daemon, which may die before it answers.</summary>
    public abstract Task DriveAsync(FaultGround ground);

    /// <summary>On the next daemon, after the job has ended.</summary>
    public abstract Task VerifyAsync(FaultGround ground, string jobId);
}
