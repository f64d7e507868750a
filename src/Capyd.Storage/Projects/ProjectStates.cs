namespace Capyd.Storage.Projects;

/// <summary>The words that the schema accepts as the state of a project.</summary>
public static class ProjectStates
{
    public const string Provisioning = "provisioning";
    public const string Ready = "ready";
    public const string Failed = "failed";
    public const string RotatingCredentials = "rotating_credentials";
    public const string Restoring = "restoring";
    public const string Importing = "importing";
    public const string Deleting = "deleting";
    public const string Deleted = "deleted";
}
