namespace Capyd.Configuration;

/// <summary>Everything that an operator may set. The keys, their meaning and their bounds stand in <see cref="ConfigurationKeys"/>.</summary>
internal sealed class CapydOptions
{
    /// <summary>What was set, as text, by key; what is missing has its default.</summary>
    public Dictionary<string, string> Given { get; } = new(StringComparer.Ordinal);

    public bool Embedded { get; set; }
    public string Listen { get; set; } = "http://127.0.0.1:2279";
    public string DataDir { get; set; } = "/var/lib/capyd";
    public string PublicHost { get; set; } = "127.0.0.1";
    public string Region { get; set; } = "local";
    public string OrganizationName { get; set; } = "Local";
    public string LogLevel { get; set; } = "info";
    public IReadOnlyList<string> DefaultExtensions { get; set; } = ["pgcrypto", "uuid-ossp", "pg_trgm", "vector"];
    public string? PublicUrl { get; set; }
    public PostgresOptions Postgres { get; } = new();
    public PlanOptions Plan { get; } = new();
    public BackupOptions Backups { get; } = new();
    public RestoreOptions Restore { get; } = new();
    public JobOptions Jobs { get; } = new();
    public LimitOptions Limits { get; } = new();
    public WebhookOptions Webhooks { get; } = new();
    public ClerkOptions Clerk { get; } = new();
    public AlertOptions Alerts { get; } = new();
    public ExportOptions Exports { get; } = new();
    public string? Socket { get; set; }
    public string? OperatorGroup { get; set; }
    public PoolerOptions Pooler { get; } = new();
    public ImportOptions Imports { get; } = new();
    public PreviewOptions Previews { get; } = new();
    public PitrOptions Pitr { get; } = new();
    public MetricsOptions Metrics { get; } = new();
    public DrillOptions Drills { get; } = new();
    public S3Options S3 { get; } = new();
    public EncryptionOptions Encryption { get; } = new();
}

internal sealed class PostgresOptions
{
    public string SocketDir { get; set; } = "/var/run/postgresql";
    public int Port { get; set; } = 5432;
    public string AdminRole { get; set; } = "capyd";
    public string LoginHost { get; set; } = "127.0.0.1";
    public string? BinDir { get; set; }
    public string OsUser { get; set; } = "postgres";
    public string? SslMode { get; set; }
    public int EmbeddedPort { get; set; } = 5433;
}

internal sealed class PlanOptions
{
    public string Name { get; set; } = "business";
    public int MaxConnections { get; set; } = 60;
    public long StorageLimitBytes { get; set; } = 50L << 30;
    public string StatementTimeout { get; set; } = "0";
    public string IdleTransactionTimeout { get; set; } = "10min";
    public int MaxPreviews { get; set; } = 20;
}

internal sealed class BackupOptions
{
    public string? Directory { get; set; }
    public int RetentionDays { get; set; } = 14;
    public int ZstdLevel { get; set; }
    public int ZstdWindowLog { get; set; } = 26;
    public int ZstdWorkers { get; set; } = 2;
    public int HashWorkers { get; set; } = 2;
}

internal sealed class RestoreOptions
{
    public int UndoHours { get; set; } = 24;
    public int Jobs { get; set; } = 2;
    public bool AllowConfirmFlag { get; set; }
}

internal sealed class JobOptions
{
    public int Concurrency { get; set; } = 2;
    public int MaxAttempts { get; set; } = 3;
    public TimeSpan RetryBase { get; set; } = TimeSpan.FromSeconds(5);
}

internal sealed class LimitOptions
{
    public int RequestsPerMinute { get; set; } = 600;
    public int FailedLoginsPerMinute { get; set; } = 20;
    public long BodyBytes { get; set; } = 1 << 20;
}

internal sealed class WebhookOptions
{
    public bool AllowPrivate { get; set; }
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Before each attempt; as many as there are attempts.</summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; set; } =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(6), TimeSpan.FromHours(12),
    ];
}

/// <summary>Session tokens of a Clerk instance; off while there is no issuer.</summary>
internal sealed class ClerkOptions
{
    public string? Issuer { get; set; }
    public Uri? JwksUrl { get; set; }
    public string? JwksFile { get; set; }
    public IReadOnlyList<string> AuthorizedParties { get; set; } = [];
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Clerk's organization id to the id or slug of the organization here.</summary>
    public IReadOnlyDictionary<string, string> Organizations { get; set; } = new Dictionary<string, string>();
    public bool CreateOrganizations { get; set; } = true;

    public bool IsOn => Issuer is not null;

    /// <summary>What does not go together; null when all is well.</summary>
    public string? Problem =>
        Issuer is null
            ? JwksUrl is null && JwksFile is null ? null : "auth.clerk.issuer: is missing, and without it the key set is not used"
            : (JwksUrl is null) == (JwksFile is null) ? "auth.clerk: wants jwks_url or jwks_file beside issuer, and not both" : null;
}

internal sealed class AlertOptions
{
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);
    public TimeSpan UnreachableAfter { get; set; } = TimeSpan.FromMinutes(1);
}

internal sealed class ExportOptions
{
    public int KeepDays { get; set; } = 7;
    public int MaxKept { get; set; } = 10;
}

internal sealed class PoolerOptions
{
    public string Enabled { get; set; } = "auto";
    public string? Bin { get; set; }
    public string Listen { get; set; } = "127.0.0.1";
    public int Port { get; set; } = 6432;
    public int PoolSize { get; set; } = 20;
    public int MaxClients { get; set; } = 1000;
    public string? TlsCertificateFile { get; set; }
    public string? TlsKeyFile { get; set; }
}

internal sealed class ImportOptions
{
    public bool AllowPrivateSources { get; set; }
    public long MaxUploadBytes { get; set; } = 50L << 30;
}

internal sealed class PreviewOptions
{
    public long TemplateMaxBytes { get; set; } = 2L << 30;
}

/// <summary>Recovery to a moment: what is kept for it.</summary>
internal sealed class PitrOptions
{
    public string Enabled { get; set; } = "auto";
    public int WindowDays { get; set; } = 7;
    public string Slot { get; set; } = "capyd";
    public string? SpoolDirectory { get; set; }

    /// <summary>0 is a share of the disk.</summary>
    public long MinFreeBytes { get; set; }

    /// <summary>A cron expression of five fields, in UTC; empty for none.</summary>
    public string BaseBackupSchedule { get; set; } = "30 2 * * *";

    /// <summary>Bytes per second; null for as fast as the server can.</summary>
    public long? BaseBackupRateBytes { get; set; }

    public string? SandboxDirectory { get; set; }

    /// <summary>shared_buffers of a recovering server.</summary>
    public long SandboxMemoryBytes { get; set; } = 64L << 20;

    /// <summary>After so many days a base backup reads everything again, not only what changed; 0 is always.</summary>
    public int FullReadDays { get; set; } = 7;
}

internal sealed class MetricsOptions
{
    public bool LocalWithoutKey { get; set; } = true;
}

internal sealed class DrillOptions
{
    /// <summary>A cron expression of five fields, in UTC; empty for none.</summary>
    public string Schedule { get; set; } = "15 4 * * 0";
}

/// <summary>A bucket in which the repository lies, in place of a directory.</summary>
internal sealed class S3Options
{
    public Uri? Endpoint { get; set; }
    public string? Bucket { get; set; }
    public string Prefix { get; set; } = "";
    public string Region { get; set; } = "us-east-1";
    public bool PathStyle { get; set; } = true;
    public string? AccessKeyFile { get; set; }
    public string? SecretKeyFile { get; set; }
    public string? CredentialsFile { get; set; }
    public string? CaFile { get; set; }
    public bool AllowHttp { get; set; }
    public string? SpoolDirectory { get; set; }

    /// <summary>0 is all but a tenth of the disk.</summary>
    public long SpoolLimitBytes { get; set; }

    /// <summary>How often what is new of an incomplete segment of WAL is copied into the bucket; 0 is never.</summary>
    public int GrowingWalSeconds { get; set; } = 5;

    public bool IsOn => Endpoint is not null || Bucket is not null;

    /// <summary>What does not go together.</summary>
    public IEnumerable<string> Problems(string? directory)
    {
        if (!IsOn)
        {
            yield break;
        }

        if (Endpoint is null || Bucket is null)
        {
            yield return $"repository.s3.{(Endpoint is null ? "endpoint" : "bucket")}: is missing, and wanted beside repository.s3.{(Endpoint is null ? "bucket" : "endpoint")}";
        }

        if (Endpoint is { Scheme: "http" } && !AllowHttp)
        {
            yield return "repository.s3.endpoint: is not https; where nobody else can listen, set repository.s3.allow_http: true";
        }

        if (CredentialsFile is null ? AccessKeyFile is null || SecretKeyFile is null : AccessKeyFile is not null || SecretKeyFile is not null)
        {
            yield return "repository.s3: wants credentials_file, or access_key_file and secret_key_file";
        }

        if (directory is not null)
        {
            yield return "repository.directory: is set, and repository.s3, too; a repository is in one of them";
        }
    }
}

/// <summary>The secret that opens the keys of an encrypted repository; without it nothing is encrypted.</summary>
internal sealed class EncryptionOptions
{
    public string? KeyFile { get; set; }
    public string? PassphraseFile { get; set; }

    public bool IsOn => KeyFile is not null || PassphraseFile is not null;

    /// <summary>What does not go together; null when all is well.</summary>
    public string? Problem => KeyFile is not null && PassphraseFile is not null ? "repository.encryption: wants key_file or passphrase_file, and not both" : null;
}
