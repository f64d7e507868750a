using static Capyd.Configuration.ConfigurationValue;

namespace Capyd.Configuration;

/// <summary>The one list of options. <c>capyd.example.yaml</c> mentions each of them, and a test holds it to that.</summary>
internal static class ConfigurationKeys
{
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        new("mode", "attached (an existing server, over its socket) or embedded (capyd's own cluster below data_dir)",
            (o, v) => OneOf(v, ["attached", "embedded"], x => o.Embedded = x == "embedded")),
        new("listen", "where the API listens", (o, v) => HttpUrl(v, x => o.Listen = x)),
        new("data_dir", "capyd's own state; by default also the repository", (o, v) => AbsolutePath(v, x => o.DataDir = x)),
        new("public_host", "the host that connection strings name", (o, v) => Text(v, 255, x => o.PublicHost = x)),
        new("region", "the one region that this server is", (o, v) => Text(v, 63, x => o.Region = x)),
        new("organization", "name of the organisation made at first start", (o, v) => Text(v, 100, x => o.OrganizationName = x)),
        new("log_level", "debug, info, warning or error", (o, v) => OneOf(v, ["debug", "info", "warning", "error"], x => o.LogLevel = x)),
        new("extensions.defaults", "extensions created in new projects where the host has them",
            (o, v) => Names(v, x => o.DefaultExtensions = x)),

        new("postgres.socket_dir", "directory of the server's Unix socket (attached)", (o, v) => AbsolutePath(v, x => o.Postgres.SocketDir = x)),
        new("postgres.port", "port of the server (attached)", (o, v) => Integer(v, 1, 65535, x => o.Postgres.Port = x)),
        new("postgres.admin_role", "the superuser role that capyd logs in as, by peer authentication", (o, v) => Text(v, 63, x => o.Postgres.AdminRole = x)),
        new("postgres.login_host", "where roles with a password log in, seen from this machine", (o, v) => Text(v, 255, x => o.Postgres.LoginHost = x)),
        new("postgres.bin_dir", "directory of pg_dump and its siblings, when they are not in a usual place", (o, v) => AbsolutePath(v, x => o.Postgres.BinDir = x)),
        new("postgres.os_user", "OS user for PostgreSQL's programs when capyd runs as root", (o, v) => Text(v, 32, x => o.Postgres.OsUser = x)),
        new("postgres.ssl_mode", "sslmode in connection strings; absent: what the server offers",
            (o, v) => OneOf(v, ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"], x => o.Postgres.SslMode = x)),
        new("postgres.embedded_port", "first port to try when the embedded cluster is created", (o, v) => Integer(v, 1024, 65535, x => o.Postgres.EmbeddedPort = x)),

        new("plan.name", "name of the one plan", (o, v) => Text(v, 63, x => o.Plan.Name = x)),
        new("plan.max_connections", "connections of one project", (o, v) => Integer(v, 1, 10_000, x => o.Plan.MaxConnections = x)),
        new("plan.storage_limit", "bytes of one project, with KiB, MiB, GiB or TiB", (o, v) => Bytes(v, 16L << 20, x => o.Plan.StorageLimitBytes = x)),
        new("plan.statement_timeout", "statement_timeout of new projects", (o, v) => PostgresInterval(v, x => o.Plan.StatementTimeout = x)),
        new("plan.idle_transaction_timeout", "idle_in_transaction_session_timeout of new projects", (o, v) => PostgresInterval(v, x => o.Plan.IdleTransactionTimeout = x)),
        new("plan.max_previews", "previews of one project", (o, v) => Integer(v, 1, 1000, x => o.Plan.MaxPreviews = x)),

        new("repository.directory", "where backups are kept; default: repository/ below data_dir", (o, v) => AbsolutePath(v, x => o.Backups.Directory = x)),
        new("backups.retention_days", "how long a backup asked for by hand is kept", (o, v) => Integer(v, 1, 365, x => o.Backups.RetentionDays = x)),
        new("backups.zstd_level", "compression level", (o, v) => Integer(v, 1, 19, x => o.Backups.ZstdLevel = x)),
        new("backups.zstd_window_log", "log2 of the compression window in bytes", (o, v) => Integer(v, 19, 27, x => o.Backups.ZstdWindowLog = x)),
        new("backups.zstd_workers", "compression threads", (o, v) => Integer(v, 0, 64, x => o.Backups.ZstdWorkers = x)),
        new("backups.hash_workers", "parallel workers of PostgreSQL for the content hashes", (o, v) => Integer(v, 0, 16, x => o.Backups.HashWorkers = x)),
        new("restore.undo_hours", "how long a replaced database is kept for undo", (o, v) => Integer(v, 0, 24 * 30, x => o.Restore.UndoHours = x)),
        new("restore.jobs", "parallel jobs of pg_restore", (o, v) => Integer(v, 1, 32, x => o.Restore.Jobs = x)),
        new("restore.allow_confirm_flag", "accept confirm_project_overwrite in place of an approval token", (o, v) => Boolean(v, x => o.Restore.AllowConfirmFlag = x)),

        new("jobs.concurrency", "jobs that run at once", (o, v) => Integer(v, 1, 16, x => o.Jobs.Concurrency = x)),
        new("jobs.max_attempts", "attempts of a job whose failures may pass", (o, v) => Integer(v, 1, 20, x => o.Jobs.MaxAttempts = x)),
        new("jobs.retry_base", "seconds before the second attempt; doubles from there", (o, v) => Integer(v, 0, 3600, x => o.Jobs.RetryBase = TimeSpan.FromSeconds(x))),
        new("limits.requests_per_minute", "requests of one API key; 0 is no limit", (o, v) => Integer(v, 0, 10_000_000, x => o.Limits.RequestsPerMinute = x)),
        new("limits.failed_logins_per_minute", "wrong credentials of one address, and logins it begins; 0 is no limit", (o, v) => Integer(v, 0, 10_000_000, x => o.Limits.FailedLoginsPerMinute = x)),
        new("limits.body_size", "largest request body, in bytes or KiB or MiB", (o, v) => Bytes(v, 1024, x => o.Limits.BodyBytes = x)),

        new("webhooks.allow_private", "let webhook endpoints be plain http and in private networks", (o, v) => Boolean(v, x => o.Webhooks.AllowPrivate = x)),
        new("webhooks.timeout", "seconds that an endpoint has to answer", (o, v) => Integer(v, 1, 60, x => o.Webhooks.Timeout = TimeSpan.FromSeconds(x))),
        new("webhooks.retry_delays", "seconds before each attempt; as many as there are attempts", (o, v) => Delays(v, x => o.Webhooks.RetryDelays = x)),
        new("auth.clerk.issuer", "the iss of a Clerk instance whose session tokens are accepted", (o, v) => Text(v, 255, x => o.Clerk.Issuer = x)),
        new("auth.clerk.jwks_url", "where that instance publishes its keys", (o, v) => WebUrl(v, x => o.Clerk.JwksUrl = x)),
        new("auth.clerk.jwks_file", "a file with its keys, in place of the URL", (o, v) => AbsolutePath(v, x => o.Clerk.JwksFile = x)),
        new("auth.clerk.authorized_parties", "origins whose tokens are accepted (azp); empty accepts any", (o, v) => List(v, x => o.Clerk.AuthorizedParties = x)),
        new("auth.clerk.clock_skew", "seconds that clocks may differ", (o, v) => Integer(v, 0, 300, x => o.Clerk.ClockSkew = TimeSpan.FromSeconds(x))),
        new("auth.clerk.organizations", "Clerk organizations and what they are here, as org_…=id-or-slug", (o, v) => Pairs(v, x => o.Clerk.Organizations = x)),
        new("auth.clerk.create_organizations", "make an organization for a Clerk organization that is seen for the first time", (o, v) => Boolean(v, x => o.Clerk.CreateOrganizations = x)),
        new("alerts.interval", "seconds between two looks at storage, connections and backups of all projects", (o, v) => Integer(v, 1, 3600, x => o.Alerts.Interval = TimeSpan.FromSeconds(x))),
        new("alerts.unreachable_after", "seconds until a database that lets nobody in is an alert", (o, v) => Integer(v, 1, 86_400, x => o.Alerts.UnreachableAfter = TimeSpan.FromSeconds(x))),
        new("public_url", "origin of the API as its callers see it, for signed URLs; absent: as each caller addressed it", (o, v) => Origin(v, x => o.PublicUrl = x)),
        new("exports.keep_days", "how long an export can be downloaded", (o, v) => Integer(v, 1, 365, x => o.Exports.KeepDays = x)),
        new("exports.max_kept", "exports of one project that can be there at once", (o, v) => Integer(v, 1, 1000, x => o.Exports.MaxKept = x)),
        new("socket", "Unix socket of the API, for operators on the host", (o, v) => SocketPath(v, x => o.Socket = x)),
        new("operator_group", "OS group whose members are operators over the socket", (o, v) => Text(v, 32, x => o.OperatorGroup = x)),
        new("pooler.enabled", "PgBouncer: auto (where it is installed), true or false", (o, v) => OneOf(v, ["auto", "true", "false"], x => o.Pooler.Enabled = x)),
        new("pooler.bin", "path of pgbouncer, when it is not in a usual place", (o, v) => AbsolutePath(v, x => o.Pooler.Bin = x)),
        new("pooler.listen", "addresses that the pooler listens on, joined by commas; * is all", (o, v) => ListenAddresses(v, x => o.Pooler.Listen = x)),
        new("pooler.port", "port of the pooler", (o, v) => Integer(v, 1, 65535, x => o.Pooler.Port = x)),
        new("pooler.pool_size", "most sessions on the server for one pooled database", (o, v) => Integer(v, 1, 10_000, x => o.Pooler.PoolSize = x)),
        new("pooler.max_clients", "most clients of the pooler, over all databases", (o, v) => Integer(v, 1, 100_000, x => o.Pooler.MaxClients = x)),
        new("pooler.tls_cert_file", "certificate of the pooler; with it its clients have to use TLS", (o, v) => AbsolutePath(v, x => o.Pooler.TlsCertificateFile = x)),
        new("pooler.tls_key_file", "key of that certificate", (o, v) => AbsolutePath(v, x => o.Pooler.TlsKeyFile = x)),

        new("imports.allow_private_sources", "import from private, loopback and link-local addresses too", (o, v) => Boolean(v, x => o.Imports.AllowPrivateSources = x)),
        new("imports.max_upload_size", "largest uploaded file, with KiB, MiB, GiB or TiB", (o, v) => Bytes(v, 1024, x => o.Imports.MaxUploadBytes = x)),
        new("previews.template_max_size", "largest database that is cloned by copying its files, while nobody is connected; 0 is never", (o, v) => Bytes(v, 0, x => o.Previews.TemplateMaxBytes = x)),
    ];
}
