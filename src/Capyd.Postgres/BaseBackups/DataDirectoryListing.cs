using System.Globalization;
using System.Text.RegularExpressions;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Lists the server's data directory and tablespaces by SQL, a few statements for all of it.</summary>
internal sealed partial class DataDirectoryListing(BackupConnection connection, int serverVersion)
{
    private const string Root = ".";
    private const string Links = "pg_tblspc";
    private const int DirectoriesAtOnce = 32;

    // What vanishes meanwhile has no size. A name that is not plain might not find its way back to the server.
    private const string Below = """
        SELECT d.path, f.name, (NOT s.isdir)::text
        FROM pg_catalog.unnest(ARRAY[{0}]::text[]) AS d (path), LATERAL pg_catalog.pg_ls_dir(d.path, true, false) AS f (name),
             LATERAL pg_catalog.pg_stat_file(d.path || '/' || f.name, true) AS s
        WHERE s.isdir OR (s.size IS NOT NULL AND f.name COLLATE "C" ~ '[^ -~]')
        """;

    private const string Files = """
        SELECT d.path, f.name, s.size::text, extract(epoch FROM s.modification)::int8::text, extract(epoch FROM s.change)::int8::text
        FROM pg_catalog.unnest(ARRAY[{0}]::text[]) AS d (path), LATERAL pg_catalog.pg_ls_dir(d.path, true, false) AS f (name),
             LATERAL pg_catalog.pg_stat_file(d.path || '/' || f.name, true) AS s
        WHERE NOT s.isdir
        """;

    private const string Spaces = """
        SELECT t.oid::text, pg_catalog.pg_tablespace_location(t.oid), 'PG_' || (pg_catalog.current_setting('server_version_num')::int4 / 10000) || '_' || c.catalog_version_no
        FROM pg_catalog.pg_tablespace AS t, pg_catalog.pg_control_system() AS c WHERE t.spcname NOT IN ('pg_default', 'pg_global') ORDER BY t.oid
        """;

    /// <summary>Where the tablespaces are; known after <see cref="DirectoriesAsync"/>.</summary>
    public List<BaseBackupTablespace> Tablespaces { get; } = [];

    /// <summary>Every directory, each behind the one it is in. SQL cannot tell a link from what it leads to, so a directory is taken only
    /// where PostgreSQL makes one or where the earlier backup has one.</summary>
    /// <returns>Null when something else is there; BASE_BACKUP knows what to do with it.</returns>
    public async Task<List<string>?> DirectoriesAsync(IEarlierBaseBackup earlier, CancellationToken ct)
    {
        var found = new List<string>();
        var level = new List<string> { Root };
        while (level.Count > 0)
        {
            var next = new List<string>();
            foreach (var row in await connection.QueryAsync(Statement(Below, level), ct))
            {
                var path = Join(row[0]!, row[1]!);
                if (BackupExclusions.IsTemporary(row[1]!))
                {
                    continue;
                }

                if (row[2] == "true" || !IsExpected(path, earlier))
                {
                    return null;
                }

                Enter(path, found, next);
            }

            if (level[0] == Root && !await EnterTablespacesAsync(found, next, ct))
            {
                return null;
            }

            level = next;
        }

        return found;
    }

    /// <summary>The files that belong into a backup, some directories at a time.</summary>
    public async IAsyncEnumerable<List<BackupFile>> FilesAsync(List<string> directories, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var listed = new List<string> { Root };
        listed.AddRange(directories.Where(static path => !BackupExclusions.IsEmptied(path) && !path.StartsWith("pg_wal/", StringComparison.Ordinal)));
        for (var at = 0; at < listed.Count; at += DirectoriesAtOnce)
        {
            var some = listed.GetRange(at, Math.Min(DirectoriesAtOnce, listed.Count - at));
            var rows = await connection.QueryAsync(Statement(Files, some), ct);
            yield return Choose(rows);
        }
    }

    // The rows of one directory stand together.
    private static List<BackupFile> Choose(List<string?[]> rows)
    {
        var chosen = new List<BackupFile>();
        for (var first = 0; first < rows.Count;)
        {
            var directory = rows[first][0]!;
            var end = first;
            var names = new HashSet<string>(StringComparer.Ordinal);
            while (end < rows.Count && rows[end][0] == directory)
            {
                names.Add(rows[end++][1]!);
            }

            var inDatabase = DatabaseDirectory().IsMatch(directory);
            for (; first < end; first++)
            {
                if (!BackupExclusions.IsLeftOut(rows[first][1]!, inDatabase, names) && Join(directory, rows[first][1]!) is var path && path != BackupExclusions.ControlFile)
                {
                    chosen.Add(new BackupFile(path, Number(rows[first][2]), Number(rows[first][3]), Number(rows[first][4])));
                }
            }
        }

        return chosen;
    }

    private void Enter(string path, List<string> found, List<string> next)
    {
        found.Add(path);
        if (path == BackupExclusions.Wal)
        {
            found.AddRange(BackupExclusions.InWal(serverVersion));
        }
        else if (path != Links && !BackupExclusions.IsEmptied(path))
        {
            next.Add(path);
        }
    }

    /// <returns>False when one of them is no directory elsewhere.</returns>
    private async Task<bool> EnterTablespacesAsync(List<string> found, List<string> next, CancellationToken ct)
    {
        foreach (var row in await connection.QueryAsync(Spaces, ct))
        {
            if (row[1] is not ['/', ..] location)
            {
                return false;
            }

            Tablespaces.Add(new BaseBackupTablespace(uint.Parse(row[0]!, CultureInfo.InvariantCulture), location));
            Enter($"{Links}/{row[0]}/{row[2]}", found, next);
        }

        return true;
    }

    private static bool IsExpected(string path, IEarlierBaseBackup earlier) =>
        DatabaseDirectory().IsMatch(path) || earlier.Find(path) is { Kind: BaseBackupMemberKind.Directory };

    private static string Statement(string statement, List<string> directories) =>
        statement.Replace("{0}", string.Join(',', directories.Select(SqlIdentifier.Literal)), StringComparison.Ordinal);

    private static string Join(string directory, string name) => directory == Root ? name : $"{directory}/{name}";

    private static long Number(string? text) => long.Parse(text!, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:base|pg_tblspc/\d+/PG_[^/]+)/\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex DatabaseDirectory();
}
