using Capyd.Cluster;
using Capyd.Postgres.Pooler;
using Capyd.Postgres.Tools;

namespace Capyd.Pooling;

/// <summary>Finds the programs and puts the pooler together.</summary>
internal sealed class PoolerSetup(PostgresServer server, CapydOptions options, DataDirectory directories, TimeProvider clock)
{
    private static readonly string[] UsualPlaces = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/sbin/pgbouncer", "/usr/local/bin/pgbouncer"];

    /// <exception cref="ToolMissingException">pgbouncer or psql is not installed; the message says what to do.</exception>
    public PgBouncer Build()
    {
        var program = (options.Pooler.Bin is { } bin ? [bin] : UsualPlaces).FirstOrDefault(File.Exists)
            ?? throw new ToolMissingException($"pgbouncer is not installed ({options.Pooler.Bin ?? "not in " + string.Join(", ", UsualPlaces)}): apt install pgbouncer, and stop its own service if it takes port {options.Pooler.Port}");
        return Build(program);
    }

    /// <summary>For ending what an earlier start left behind.</summary>
    public PgBouncer Build(string program)
    {
        if ((options.Pooler.TlsCertificateFile is null) != (options.Pooler.TlsKeyFile is null))
        {
            throw new PoolerFailedException("pooler.tls_cert_file and pooler.tls_key_file belong together: set both, or neither");
        }

        var installations = PostgresBinaries.Discover(options.Postgres.BinDir).Installations;
        var psql = installations.Count > 0 ? installations[^1].PathOf("psql") : throw new ToolMissingException("psql is not installed: apt install postgresql-client");
        var settings = new PoolerSettings(directories.Pooler, program, psql, options.Pooler.Listen, options.Pooler.Port)
        {
            OsUserWhenRoot = options.Postgres.OsUser, MaxClients = options.Pooler.MaxClients,
            TlsCertificateFile = options.Pooler.TlsCertificateFile, TlsKeyFile = options.Pooler.TlsKeyFile,
        };
        return new PgBouncer(settings, server.Endpoint, new ToolRunner(clock));
    }
}
