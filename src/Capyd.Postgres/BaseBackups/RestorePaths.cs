namespace Capyd.Postgres.BaseBackups;

/// <summary>Where each member goes. Nothing leaves the target and the directory for tablespaces.</summary>
internal sealed class RestorePaths(string target, string? tablespaces)
{
    private const string TablespaceDirectory = "pg_tblspc";

    public string Target { get; } = Path.GetFullPath(target);

    /// <summary>Holds a directory for each tablespace, to which pg_tblspc links.</summary>
    public string Tablespaces { get; } = Path.GetFullPath(tablespaces ?? Path.Combine(target, "tablespaces"));

    /// <summary>The tablespace to which the path belongs, as pg_tblspc/16400; null when it belongs to none.</summary>
    public static string? TablespaceOf(string path) =>
        path.Split('/') is [TablespaceDirectory, { Length: > 0 } oid, ..] && oid.All(char.IsAsciiDigit) ? $"{TablespaceDirectory}/{oid}" : null;

    /// <summary>The directory that holds a tablespace.</summary>
    public string DirectoryOf(string tablespace) => Path.Combine(Tablespaces, Path.GetFileName(tablespace));

    /// <exception cref="InvalidDataException">The path leads out of the data directory.</exception>
    public string Of(string path)
    {
        var parts = path.Split('/');
        if (path.Contains('\0', StringComparison.Ordinal) || parts.Any(static part => part is "" or "." or ".."))
        {
            throw new InvalidDataException($"The base backup has a member \"{path}\", which is no place in a data directory.");
        }

        return parts is [TablespaceDirectory, var oid, _, ..]
            ? Path.Combine([Tablespaces, oid, .. parts[2..]])
            : Path.Combine([Target, .. parts]);
    }
}
