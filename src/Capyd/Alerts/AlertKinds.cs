namespace Capyd.Alerts;

/// <summary>The kinds that capyd watches (contract B.12). Others may be added by the part that watches them.</summary>
internal static class AlertKinds
{
    /// <summary>Bytes of the database against the project's storage limit.</summary>
    public const string Storage = "storage";

    /// <summary>Sessions against the project's connection budget.</summary>
    public const string Connections = "connections";

    /// <summary>Backups that failed or could not be verified, in a row, since the last verified one.</summary>
    public const string BackupFailure = "backup_failure";

    /// <summary>Seconds since the last verified backup, where an active schedule should have made one.</summary>
    public const string BackupStale = "backup_stale";

    /// <summary>Seconds for which nobody can have logged in.</summary>
    public const string DatabaseUnreachable = "database_unreachable";
}
