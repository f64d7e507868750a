using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>
/// Whether roles can log in with a password where tenants do. Asked by knocking with a role that nobody has: a server that asks for a
/// password says that it is wrong, one that asks for none says that the role is missing.
/// </summary>
public static class PasswordLogins
{
    private const string WrongPassword = "28P01";

    /// <param name="tls">Whether the server offers it.</param>
    /// <returns>What is wrong and what to do; null when passwords are asked for.</returns>
    public static async Task<string?> ProblemAsync(ClusterEndpoint endpoint, bool tls, CancellationToken cancellationToken)
    {
        var stranger = "capyd_doctor_" + Password.Random().Value[..8].ToLowerInvariant();
        var builder = new NpgsqlSlimDataSourceBuilder(new NpgsqlConnectionStringBuilder
        {
            Host = endpoint.LoginHost, Port = endpoint.Port, Username = stranger, Password = Password.Random().Value,
            Database = ConnectionText.MaintenanceDatabase, Timeout = 10, Pooling = false, SslMode = tls ? SslMode.Require : SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString);
        builder.EnableTransportSecurity();
        await using var source = builder.Build();
        var place = $"{endpoint.LoginHost}, port {endpoint.Port}";
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return $"{place} lets anybody in without a password; {Mend(endpoint)}";
        }
        catch (PostgresException e) when (e.SqlState == WrongPassword)
        {
            return null;
        }
        catch (PostgresException e) when (e.MessageText.Contains("does not exist", StringComparison.Ordinal))
        {
            return $"{place} asks for no password; {Mend(endpoint)}";
        }
        catch (PostgresException e)
        {
            return $"{place} refuses logins with a password: {e.MessageText}; {Mend(endpoint)}";
        }
        catch (NpgsqlException e)
        {
            return $"nothing answers on {place} ({e.InnerException?.Message ?? e.Message}); set listen_addresses in postgresql.conf, or postgres.login_host in capyd.yaml";
        }
    }

    private static string Mend(ClusterEndpoint endpoint) =>
        $"pg_hba.conf wants a line such as: host all all {(endpoint.LoginHost.Contains(':', StringComparison.Ordinal) ? endpoint.LoginHost + "/128" : endpoint.LoginHost + "/32")} scram-sha-256";
}
