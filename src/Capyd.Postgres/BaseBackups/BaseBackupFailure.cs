namespace Capyd.Postgres.BaseBackups;

/// <summary>Why a base backup failed.</summary>
public enum BaseBackupFailure
{
    /// <summary>The server is not reachable, or went away.</summary>
    ConnectionLost,

    /// <summary>The server is starting, stopping or out of connections, or cancelled the backup.</summary>
    ServerBusy,

    /// <summary>The server does not let us replicate, or demands a password.</summary>
    Refused,

    /// <summary>Pages on the server's disk do not match their checksums: the live data is damaged.</summary>
    DamagedPages,

    /// <summary>What arrived is not what backup_manifest says.</summary>
    Altered,

    /// <summary>Anything else that the server said, or said in a way that we do not understand.</summary>
    Other,
}
