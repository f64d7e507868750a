namespace Capyd.Configuration;

/// <summary>Everything that an operator may set. The keys, their meaning and their bounds stand in <see cref="ConfigurationKeys"/>.</summary>
internal sealed class CapydOptions
{
    public bool Embedded { get; set; }
    public string Listen { get; set; } = "http://127.0.0.1:2279";
    public string DataDir { get; set; } = "/var/lib/capyd";
    public string PublicHost { get; set; } = "127.0.0.1";
    public string Region { get; set; } = "local";
    public string OrganizationName { get; set; } = "Local";
    public string LogLevel { get; set; } = "info";
    public IReadOnlyList<string> DefaultExtensions { get; set; } = ["pgcrypto", "uuid-ossp", "pg_trgm", "vector"];
    public PostgresOptions Postgres { get; } = new();
    public PlanOptions Plan { get; } = new();
    public BackupOptions Backups { get; } = new();
    public RestoreOptions Restore { get; } = new();
    public JobOptions Jobs { get; } = new();
    public LimitOptions Limits { get; } = new();
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
    public int ZstdLevel { get; set; } = 3;
    public int ZstdWindowLog { get; set; } = 25;
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
