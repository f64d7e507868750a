namespace Capyd.Storage.Jobs;

/// <summary>The words that the schema accepts as the state of a job.</summary>
public static class JobStates
{
    public const string Pending = "pending";
    public const string Running = "running";
    public const string Completed = "completed";
    public const string Failed = "failed";
}
