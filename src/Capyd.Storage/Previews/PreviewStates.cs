namespace Capyd.Storage.Previews;

/// <summary>The words that the schema accepts as the state of a preview.</summary>
public static class PreviewStates
{
    public const string Provisioning = "provisioning";
    public const string Ready = "ready";
    public const string Failed = "failed";
    public const string Restoring = "restoring";
    public const string Deleting = "deleting";
    public const string Deleted = "deleted";
}
