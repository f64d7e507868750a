namespace Capyd.Postgres.Imports;

/// <summary>Why a foreign server could not be used.</summary>
public enum RemoteFailureKind
{
    /// <summary>Nothing answered, or the connection was lost.</summary>
    Unreachable,

    /// <summary>The password or the role was refused.</summary>
    LoginRefused,

    DatabaseMissing,

    /// <summary>Encryption or the certificate does not meet sslmode.</summary>
    Tls,

    /// <summary>The role may not read something that is to be imported.</summary>
    PermissionDenied,

    /// <summary>It answered, but not as PostgreSQL does, or with more than was allowed.</summary>
    Unusable,

    /// <summary>The dump grew above the limit.</summary>
    TooLarge,
}
