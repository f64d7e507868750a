namespace Capyd.Storage.Backups;

/// <summary>The words that the schema accepts as the verification of a backup.</summary>
public static class VerificationStates
{
    public const string Pending = "pending";
    public const string Verified = "verified";
    public const string Failed = "failed";
}
