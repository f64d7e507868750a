using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Dumps;

/// <summary>The environment in which pg_dump and pg_restore log in. Options given at start-up beat what the database's
/// owner wrote with ALTER DATABASE SET.</summary>
internal static class ToolSession
{
    private static readonly string[] Neutral =
    [
        "role=none", "search_path=", "statement_timeout=0", "lock_timeout=0", "idle_in_transaction_session_timeout=0",
        "default_transaction_read_only=off", "default_transaction_isolation=read\\ committed", "default_transaction_deferrable=off",
        "datestyle=ISO", "intervalstyle=postgres", "timezone=UTC", "bytea_output=hex", "extra_float_digits=3", "array_nulls=on",
        "transform_null_equals=off", "xmlbinary=base64", "row_security=off", "jit=off",
    ];

    /// <summary>Building is faster with more memory; nothing is promised before the whole restore is proven.</summary>
    private static readonly string[] Loading = ["maintenance_work_mem=256MB", "synchronous_commit=off", "max_parallel_maintenance_workers=0"];

    public static Dictionary<string, string> ForDump(ClusterEndpoint endpoint, DatabaseName database, string applicationName)
    {
        var environment = Common(endpoint, endpoint.SocketDirectory, applicationName, Neutral);
        environment["PGUSER"] = endpoint.AdminRole;
        environment["PGDATABASE"] = database.ToString();
        if (endpoint.AdminPassword is { } password)
        {
            environment["PGPASSWORD"] = password.Value;
        }

        return environment;
    }

    public static Dictionary<string, string> ForRestore(ClusterEndpoint endpoint, RestoreRequest request)
    {
        var environment = Common(endpoint, endpoint.LoginHost, request.ApplicationName, [.. Neutral, .. Loading]);
        environment["PGUSER"] = request.Loader.ToString();
        environment["PGPASSWORD"] = request.LoaderPassword.Value;
        return environment;
    }

    /// <summary>A connection string that names just the database, safe for every name.</summary>
    public static string DatabaseOnly(DatabaseName database)
    {
        var name = database.ToString().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
        return $"dbname='{name}'";
    }

    private static Dictionary<string, string> Common(ClusterEndpoint endpoint, string host, string applicationName, string[] settings) => new()
    {
        ["PGHOST"] = host,
        ["PGPORT"] = endpoint.Port.ToString(CultureInfo.InvariantCulture),
        ["PGAPPNAME"] = applicationName,
        ["PGOPTIONS"] = string.Join(' ', settings.Select(static s => $"-c {s}")),
        ["PGCONNECT_TIMEOUT"] = "15",
        ["PGSSLMODE"] = "allow", // the server is on this machine: to encrypt all rows for the way would only cost
    };
}
