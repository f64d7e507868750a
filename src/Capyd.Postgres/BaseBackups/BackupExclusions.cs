using System.Text.RegularExpressions;

namespace Capyd.Postgres.BaseBackups;

/// <summary>What a base backup leaves out (trap 27): the lists of the server's own basebackup.c, of PostgreSQL 15 to 18.</summary>
internal static partial class BackupExclusions
{
    public const string Wal = "pg_wal";
    public const string ControlFile = "global/pg_control";

    private static readonly string[] Emptied =
        ["pg_stat_tmp", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_subtrans"];

    private static readonly string[] LeftOut =
    [
        "postgresql.auto.conf.tmp", "current_logfiles.tmp", "backup_label", "backup_label.old", "tablespace_map", "tablespace_map.old",
        "backup_manifest", "postmaster.pid", "postmaster.opts", ".DS_Store",
    ];

    /// <summary>Whether the directory is kept without what is in it.</summary>
    public static bool IsEmptied(string directory) => directory == Wal || Array.IndexOf(Emptied, directory) >= 0;

    /// <summary>Directories that are kept in pg_wal.</summary>
    public static string[] InWal(int serverVersion) =>
        serverVersion >= 170000 ? [$"{Wal}/archive_status", $"{Wal}/summaries"] : [$"{Wal}/archive_status"];

    /// <summary>Whether a directory of that name is left out wherever it is.</summary>
    public static bool IsTemporary(string name) => name.StartsWith("pgsql_tmp", StringComparison.Ordinal);

    /// <param name="inDatabase">Whether the directory holds relations of a database.</param>
    /// <param name="names">All names in the directory.</param>
    public static bool IsLeftOut(string name, bool inDatabase, IReadOnlySet<string> names) =>
        IsTemporary(name)
        || name.StartsWith("pg_internal.init", StringComparison.Ordinal)
        || Array.IndexOf(LeftOut, name) >= 0
        || (name.StartsWith(".s.PGSQL.", StringComparison.Ordinal) && !name.EndsWith(".lock", StringComparison.Ordinal))
        || (inDatabase && (TemporaryRelation().IsMatch(name) || IsUnlogged(name, names)));

    /// <summary>A relation with an init fork is made anew from it when a server starts after a crash.</summary>
    private static bool IsUnlogged(string name, IReadOnlySet<string> names)
    {
        var digits = name.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var number = digits < 0 ? name : name[..digits];
        return number.Length > 0 && names.Contains($"{number}_init") && !name.AsSpan(number.Length).StartsWith("_init");
    }

    [GeneratedRegex(@"^t\d+_\d+(?:_[a-z]+)?(?:\.\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex TemporaryRelation();
}
