namespace Capyd.Storage.Exports;

/// <summary>The words that the schema accepts as the state of an export.</summary>
public static class ExportStates
{
    public const string Running = "running";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Deleting = "deleting";
    public const string Expired = "expired";
}
