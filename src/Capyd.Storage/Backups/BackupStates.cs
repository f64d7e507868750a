namespace Capyd.Storage.Backups;

/// <summary>The words that the schema accepts as the state of a backup.</summary>
public static class BackupStates
{
    public const string Running = "running";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Expired = "expired";
    public const string Deleting = "deleting";
}
