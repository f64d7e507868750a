namespace Capyd.Postgres.Imports;

/// <summary>What a foreign server says about the database that is to be imported.</summary>
public sealed record RemoteFacts
{
    /// <summary>As server_version_num, for example 150018.</summary>
    public required int VersionNumber { get; init; }

    /// <summary>As server_version, for example 15.18.</summary>
    public required string Version { get; init; }

    public required long SizeBytes { get; init; }

    public required string Encoding { get; init; }

    public required IReadOnlyList<RemoteExtension> Extensions { get; init; }

    /// <summary>Schemas of the user: neither built-in, nor of an extension, nor of the provider.</summary>
    public required IReadOnlyList<string> Schemas { get; init; }

    public required IReadOnlyList<string> EventTriggers { get; init; }

    /// <summary>supabase, neon, rds, cloudsql, azure, heroku, digitalocean, aiven, crunchy, timescale; null when none is recognised.</summary>
    public string? Provider { get; init; }

    /// <summary>What the provider was recognised by, each as kind:name, for example role:neon_superuser.</summary>
    public required IReadOnlyList<string> ProviderSignals { get; init; }

    /// <summary>Schemas that the provider manages and an import leaves out.</summary>
    public required IReadOnlyList<string> ProviderSchemas { get; init; }

    /// <summary>Tables, as schema.name, with policies that call functions of the provider such as auth.uid().</summary>
    public required IReadOnlyList<string> AuthPolicyTables { get; init; }

    public required IReadOnlyList<RemoteForeignKey> AuthForeignKeys { get; init; }

    public required RemoteReplication Replication { get; init; }

    /// <summary>Tables of the user, as schema.name, that the role may not read: at most 20. A dump would fail on them.</summary>
    public required IReadOnlyList<string> UnreadableTables { get; init; }

    /// <summary>For example 15.</summary>
    public int Major => VersionNumber / 10000;
}
