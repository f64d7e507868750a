namespace Capyd.Postgres.Imports;

/// <summary>Recognises who operates a foreign server, and which schemas are the operator's.</summary>
internal static class RemoteProvider
{
    private const int MostUnreadable = 20;

    private static readonly (string Provider, string[] Signals)[] Known =
    [
        ("supabase", ["role:supabase_admin", "role:supabase_auth_admin", "schema:supabase_functions", "extension:supabase_vault"]),
        ("neon", ["role:neon_superuser", "extension:neon", "schema:neon_auth"]),
        ("rds", ["role:rds_superuser", "role:rdsadmin"]),
        ("cloudsql", ["role:cloudsqlsuperuser", "role:cloudsqladmin"]),
        ("azure", ["role:azure_pg_admin", "role:azuresu"]),
        ("digitalocean", ["role:doadmin"]),
        ("aiven", ["role:avnadmin"]),
        ("crunchy", ["role:crunchy_superuser"]),
        ("timescale", ["role:tsdbadmin"]),
        ("heroku", ["role:heroku_admin", "schema:heroku_ext", "schema:_heroku"]),
    ];

    private static readonly Dictionary<string, string[]> Managed = new()
    {
        ["supabase"] =
        [
            "auth", "storage", "realtime", "_realtime", "vault", "graphql", "graphql_public", "pgsodium", "pgsodium_masks", "extensions",
            "supabase_functions", "supabase_migrations", "net", "pgbouncer", "_analytics", "_supavisor", "pgtle",
        ],
        ["neon"] = ["neon", "neon_migration"],
        ["heroku"] = ["heroku_ext", "_heroku"],
        ["azure"] = ["azure_maintenance"],
    };

    public static RemoteFacts Facts(RemoteAnswer answer)
    {
        var schemas = answer.Schemas ?? [];
        var (provider, signals) = Recognise(answer, schemas);
        var managed = schemas.Intersect(provider is null ? [] : Managed.GetValueOrDefault(provider, [])).ToHashSet(StringComparer.Ordinal);
        return new RemoteFacts
        {
            VersionNumber = answer.VersionNumber,
            Version = answer.Version ?? "",
            SizeBytes = answer.SizeBytes,
            Encoding = answer.Encoding ?? "",
            Extensions = answer.Extensions ?? [],
            Schemas = [.. schemas.Where(s => !managed.Contains(s))],
            EventTriggers = answer.EventTriggers ?? [],
            Provider = provider,
            ProviderSignals = signals,
            ProviderSchemas = [.. managed.Order(StringComparer.Ordinal)],
            AuthPolicyTables = answer.PolicyTables ?? [],
            AuthForeignKeys =
            [
                .. (answer.ForeignKeys ?? []).Where(k => managed.Contains(k.TargetSchema) && !managed.Contains(k.SourceSchema))
                    .Select(static k => new RemoteForeignKey(k.Constraint, $"{k.SourceSchema}.{k.SourceTable}", $"{k.TargetSchema}.{k.TargetTable}")),
            ],
            Replication = new RemoteReplication(
                answer.WalLevel ?? "", answer.MaxWalSenders, answer.MaxReplicationSlots, answer.UsedReplicationSlots, answer.RoleCanReplicate),
            UnreadableTables =
            [
                .. (answer.Unreadable ?? []).Where(t => !managed.Contains(t.Schema)).Take(MostUnreadable).Select(static t => $"{t.Schema}.{t.Name}"),
            ],
        };
    }

    private static (string? Provider, IReadOnlyList<string> Signals) Recognise(RemoteAnswer answer, IReadOnlyList<string> schemas)
    {
        var seen = (answer.Roles ?? []).Select(static r => $"role:{r}")
            .Concat(schemas.Select(static s => $"schema:{s}"))
            .Concat((answer.Extensions ?? []).Select(static e => $"extension:{e.Name}"))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (provider, signals) in Known)
        {
            if (signals.Where(seen.Contains).ToList() is { Count: > 0 } found)
            {
                return (provider, found);
            }
        }

        return (null, []);
    }
}
