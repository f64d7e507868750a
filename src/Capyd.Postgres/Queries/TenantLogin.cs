using System.Globalization;
using Npgsql;

namespace Capyd.Postgres.Queries;

/// <summary>A session as the tenant itself has it: its own password, over TCP. A superuser that sets a role could be reset to.</summary>
internal static class TenantLogin
{
    /// <summary>Start-up settings beat what the owner wrote with ALTER DATABASE SET; they make values print alike everywhere.</summary>
    private const string Options =
        "-c datestyle=ISO -c intervalstyle=postgres -c bytea_output=hex -c extra_float_digits=1 -c standard_conforming_strings=on "
        + "-c client_min_messages=warning -c lock_timeout=0 -c xmloption=content";

    public static NpgsqlDataSource For(MessageRelay relay, TenantQuery query)
    {
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = relay.Port,
            Database = query.Database.ToString(),
            Username = query.Role.ToString(),
            Password = query.Password.Value,
            ApplicationName = query.ApplicationName,
            Options = string.Create(CultureInfo.InvariantCulture, $"{Options} -c statement_timeout={(long)query.TimeLimit.TotalMilliseconds} {ReadOnly(query)}"),
            Pooling = false,
            CommandTimeout = 0,
            CancellationTimeout = 1000,
            Timeout = 10,
            IncludeErrorDetail = false,
            SslMode = SslMode.Disable,
            ChannelBinding = ChannelBinding.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        var builder = new NpgsqlSlimDataSourceBuilder(text.ConnectionString);
        builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    private static string ReadOnly(TenantQuery query) => query.ReadOnly ? "-c default_transaction_read_only=on" : "";
}
