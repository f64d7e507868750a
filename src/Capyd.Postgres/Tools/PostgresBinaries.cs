namespace Capyd.Postgres.Tools;

/// <summary>The PostgreSQL installations of this machine, oldest first.</summary>
public sealed class PostgresBinaries
{
    private const int OldestSupported = 13;
    private const int NewestSupported = 18;

    internal PostgresBinaries(IEnumerable<PostgresInstallation> installations) =>
        Installations = [.. installations
            .Where(static i => i.Major is >= OldestSupported and <= NewestSupported)
            .OrderBy(static i => i.Major)
            .ThenByDescending(static i => i.HasServer)];

    public IReadOnlyList<PostgresInstallation> Installations { get; }

    /// <summary>Looks where packages put PostgreSQL, then in PATH; a configured directory replaces all that.</summary>
    /// <exception cref="ToolMissingException">The configured directory has no PostgreSQL programs.</exception>
    public static PostgresBinaries Discover(string? configuredDirectory)
    {
        if (string.IsNullOrEmpty(configuredDirectory))
        {
            return new PostgresBinaries(BinarySearch.Candidates().Distinct().Select(BinarySearch.Inspect).OfType<PostgresInstallation>());
        }

        var directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(configuredDirectory));
        return BinarySearch.Inspect(directory) is { } found
            ? new PostgresBinaries([found])
            : throw new ToolMissingException($"{directory} has no pg_dump and pg_restore; name the bin directory of a PostgreSQL installation.");
    }

    /// <exception cref="ToolMissingException">No installation can run a server.</exception>
    public PostgresInstallation NewestServer() =>
        Installations.LastOrDefault(static i => i.HasServer)
        ?? throw new ToolMissingException(
            $"No PostgreSQL server {OldestSupported} to {NewestSupported} is installed ({Found()}). Install one: apt install postgresql");

    /// <summary>The server for a data directory: the one that made it, or the newest when nothing is there yet.</summary>
    /// <exception cref="ToolMissingException">That major version is not installed with its server, or none is.</exception>
    public PostgresInstallation ServerOf(int? initializedMajor) => initializedMajor is { } major ? Server(major) : NewestServer();

    /// <exception cref="ToolMissingException">That major version is not installed with its server.</exception>
    public PostgresInstallation Server(int major) =>
        Installations.FirstOrDefault(i => i.HasServer && i.Major == major)
        ?? throw new ToolMissingException($"PostgreSQL {major} is not installed ({Found()}). Install it: apt install postgresql-{major}");

    /// <summary>The programs to dump from and restore into a server: its own version, else the next newer one.</summary>
    /// <exception cref="ToolMissingException">Only older programs are installed; they must not read a newer server.</exception>
    public PostgresInstallation ForServer(int serverMajor) =>
        Installations.FirstOrDefault(i => i.Major >= serverMajor)
        ?? throw new ToolMissingException(
            $"The server is PostgreSQL {serverMajor}, but only older client programs are installed ({Found()}). "
            + $"Install them: apt install postgresql-client-{serverMajor}");

    private string Found() =>
        Installations.Count == 0 ? "none found" : "found " + string.Join(", ", Installations.Select(static i => $"{i.Major} in {i.BinDirectory}"));
}
