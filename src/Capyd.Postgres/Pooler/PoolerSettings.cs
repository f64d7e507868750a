namespace Capyd.Postgres.Pooler;

/// <summary>Where a pooler runs and listens.</summary>
/// <param name="Directory">Of its files; made when it is missing.</param>
/// <param name="Program">Path of pgbouncer.</param>
/// <param name="Psql">Path of psql, which speaks to the pooler's console.</param>
/// <param name="ListenAddress">One or more addresses joined by commas, or <c>*</c>.</param>
public sealed record PoolerSettings(string Directory, string Program, string Psql, string ListenAddress, int Port)
{
    /// <summary>The OS user to run as when capyd is root.</summary>
    public string? OsUserWhenRoot { get; init; }

    /// <summary>The most clients at a time, over all databases.</summary>
    public int MaxClients { get; init; } = 1000;

    /// <summary>For TLS towards clients; null for none. The OS user of the pooler has to be able to read both.</summary>
    public string? TlsCertificateFile { get; init; }

    /// <inheritdoc cref="TlsCertificateFile"/>
    public string? TlsKeyFile { get; init; }
}
