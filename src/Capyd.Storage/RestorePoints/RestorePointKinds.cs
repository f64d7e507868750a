namespace Capyd.Storage.RestorePoints;

/// <summary>What a restore point marks.</summary>
public static class RestorePointKinds
{
    public const string Backup = "backup";
    public const string Pitr = "pitr";
}
