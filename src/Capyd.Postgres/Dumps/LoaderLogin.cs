using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Dumps;

/// <summary>The session of the unprivileged role that loads an archive.</summary>
internal static class LoaderLogin
{
    /// <summary>The settings beat what the database's owner wrote with ALTER DATABASE SET.</summary>
    private const string Options =
        "-c role=none -c statement_timeout=0 -c lock_timeout=0 -c default_transaction_read_only=off -c client_min_messages=error "
        + "-c synchronous_commit=off";

    private const int BufferBytes = 64 << 10;

    public static NpgsqlDataSource For(ClusterEndpoint endpoint, DatabaseName database, RoleName role, Password password, string applicationName)
    {
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = endpoint.LoginHost,
            Port = endpoint.Port,
            Database = database.ToString(),
            Username = role.ToString(),
            Password = password.Value,
            ApplicationName = applicationName,
            Options = Options,
            Pooling = false,
            CommandTimeout = 0,
            Timeout = 15,
            ReadBufferSize = BufferBytes,
            WriteBufferSize = BufferBytes,
            SslMode = SslMode.Allow,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        var builder = new NpgsqlSlimDataSourceBuilder(text.ConnectionString);
        builder.EnableTransportSecurity();
        builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        return builder.Build();
    }
}
