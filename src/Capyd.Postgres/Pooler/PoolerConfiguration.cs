using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Pooler;

/// <summary>The text of PgBouncer's files. What changes with the databases is kept apart from what needs a restart.</summary>
internal static class PoolerConfiguration
{
    /// <summary>Roles are known by their verifiers alone: mixed with auth_query, PgBouncer 1.18 crashes.</summary>
    public static string Main(PoolerLayout layout, PoolerSettings settings) => string.Create(CultureInfo.InvariantCulture, $"""
        ; Written by capyd at every start. Changes are lost.
        [databases]
        %include {layout.Databases}
        [pgbouncer]
        listen_addr = {settings.ListenAddress}
        listen_port = {settings.Port}
        unix_socket_dir = {layout.Run}
        unix_socket_mode = 0700
        pidfile = {layout.PidFile}
        logfile = {layout.Log}
        log_connections = 0
        log_disconnections = 0
        log_stats = 0
        auth_type = hba
        auth_hba_file = {layout.Access}
        auth_file = {layout.Users}
        pool_mode = transaction
        max_client_conn = {settings.MaxClients}
        server_tls_sslmode = prefer
        ; a database that was closed for its exchange is looked at again this soon, in seconds
        server_login_retry = 0.3
        ignore_startup_parameters = extra_float_digits
        {Tls(settings)}
        """);

    public static string Databases(ClusterEndpoint server, IReadOnlyList<PooledDatabase> databases) => Lines(databases, database => string.Create(
        CultureInfo.InvariantCulture,
        $"{database.Name} = host='{server.LoginHost.Replace("'", "''", StringComparison.Ordinal)}' port={server.Port} dbname='{database.Name}' pool_size={database.PoolSize}"));

    public static string Users(IReadOnlyList<PooledDatabase> databases) =>
        Lines([.. databases.DistinctBy(static database => database.Role)], static database => $"\"{database.Role}\" \"{database.Verifier}\"");

    /// <summary>Each role for its own database only; the server would refuse it the others too, but only after a session was opened.</summary>
    public static string Access(IReadOnlyList<PooledDatabase> databases) => Lines(databases, static database => $"""
        host "{database.Name}" "{database.Role}" 0.0.0.0/0 scram-sha-256
        host "{database.Name}" "{database.Role}" ::/0 scram-sha-256
        """);

    /// <summary>The same database as SHOW DATABASES tells it when it was taken.</summary>
    public static (string Name, string Database, string Port, string PoolSize) Offer(ClusterEndpoint server, PooledDatabase database) => (
        database.Name.ToString(), database.Name.ToString(), server.Port.ToString(CultureInfo.InvariantCulture), database.PoolSize.ToString(CultureInfo.InvariantCulture));

    private static string Tls(PoolerSettings settings) => settings.TlsCertificateFile is { } certificate
        ? $"client_tls_sslmode = require\nclient_tls_cert_file = {certificate}\nclient_tls_key_file = {settings.TlsKeyFile}\n"
        : "client_tls_sslmode = disable\n";

    private static string Lines(IReadOnlyList<PooledDatabase> databases, Func<PooledDatabase, string> line) =>
        string.Concat(databases.OrderBy(static database => database.Name.ToString(), StringComparer.Ordinal).Select(database => line(database) + "\n"));
}
