using Capyd.OffHost;

namespace Capyd.Repository;

/// <summary>Where a lost cluster is recovered from and to.</summary>
/// <param name="Repository">Where everything is kept.</param>
/// <param name="Target">The new data directory; missing or empty.</param>
/// <param name="DataDir">Where capyd's own metadata goes; null leaves them in the repository.</param>
/// <param name="OsUser">Who owns the new cluster, when capyd is root.</param>
/// <param name="BinDir">Of PostgreSQL's programs; null looks in the usual places.</param>
internal sealed record RecoverSettings(RepositoryOpener Repository, string Target, string? DataDir, string OsUser, string? BinDir)
{
    /// <summary>A directory with WAL that was saved from the lost host; null when nothing was.</summary>
    public string? RescuedWal { get; init; }

    /// <summary>The system identifier of the cluster, of which there have to be base backups; null where the repository has those of one only.</summary>
    public string? System { get; init; }

    /// <summary>Begin again where an earlier recovery was not finished.</summary>
    public bool Restart { get; init; }

    public string? ToolUser => Environment.IsPrivilegedProcess ? OsUser : null;
}
