namespace Capyd.Extensions;

/// <summary>
/// The allowlist (contract D.8): what may be in a tenant's database. None of these reads files, opens connections, runs programs or
/// shows one tenant's values to another; <c>dblink</c>, <c>postgres_fdw</c>, <c>file_fdw</c>, <c>adminpack</c> and untrusted
/// languages do, and are left out. So is <c>pg_cron</c>: it can be in one database of a server only, so no copy of a backup could ever
/// be proven. <c>plpgsql</c> is always there and not managed.
/// </summary>
internal static class ExtensionCatalog
{
    public static IReadOnlyList<AllowedExtension> All { get; } =
    [
        new("bloom", "performance", false, "Index access method for equality on many columns"),
        new("btree_gin", "performance", true, "GIN indexes over ordinary types"),
        new("btree_gist", "performance", true, "GiST indexes over ordinary types, for exclusion constraints"),
        new("citext", "core", true, "Text type that compares without regard to case"),
        new("cube", "analytics", true, "Multi-dimensional cubes"),
        new("dict_int", "search", true, "Text search dictionary for integers"),
        new("dict_xsyn", "search", false, "Text search dictionary for synonyms"),
        new("earthdistance", "geospatial", false, "Great-circle distances; needs cube"),
        new("fuzzystrmatch", "search", true, "Similarity and distance between strings"),
        new("hstore", "core", true, "Key and value pairs in one column"),
        new("hypopg", "performance", false, "Hypothetical indexes, to ask the planner whether one would help") { Package = "postgresql-{0}-hypopg" },
        new("intarray", "search", true, "Functions and indexes for arrays of integers"),
        new("isn", "core", true, "Types for international product numbers"),
        new("lo", "core", true, "Keeps large objects and the rows that name them together"),
        new("ltree", "core", true, "Labels of trees, such as paths of categories"),
        new("moddatetime", "devtools", false, "Trigger that keeps the time of the last change"),
        new("pg_stat_statements", "performance", false, "Statistics of the statements that were run") { Preload = "pg_stat_statements" },
        new("pg_trgm", "search", true, "Similarity of text by trigrams, and indexes for LIKE"),
        new("pgaudit", "security", false, "Audit records of statements in the server's log") { Preload = "pgaudit", Package = "postgresql-{0}-pgaudit" },
        new("pgcrypto", "security", true, "Hashing, encryption and random bytes"),
        new("postgis", "geospatial", false, "Geometry and geography types, functions and indexes") { Package = "postgresql-{0}-postgis-3" },
        new("seg", "analytics", true, "Line segments and intervals of measurements"),
        new("tablefunc", "analytics", true, "Functions that return tables, such as crosstab"),
        new("tcn", "devtools", true, "Trigger that notifies listeners of changes"),
        new("tsm_system_rows", "analytics", true, "TABLESAMPLE by a number of rows"),
        new("tsm_system_time", "analytics", true, "TABLESAMPLE by a length of time"),
        new("unaccent", "search", true, "Text search dictionary that drops accents"),
        new("uuid-ossp", "core", true, "Functions that make UUIDs"),
        new("vector", "ai", true, "Vectors for embeddings, with exact and approximate nearest neighbours") { Package = "postgresql-{0}-pgvector" },
    ];

    private static readonly Dictionary<string, AllowedExtension> ByName = All.ToDictionary(static extension => extension.Name, StringComparer.Ordinal);

    /// <summary>Null when the name is not on the list. Names are exact, as PostgreSQL takes them.</summary>
    public static AllowedExtension? Find(string name) => ByName.GetValueOrDefault(name);

    public static bool IsAllowed(string name) => ByName.ContainsKey(name);
}
