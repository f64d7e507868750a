using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Dumps;

/// <summary>What to restore, into which database, as whom.</summary>
/// <param name="Database">Fresh, owned by <paramref name="Owner"/>; there already, or after <see cref="Provision"/>.</param>
/// <param name="Loader">The unprivileged role that logs in; the owner, or a member of it.</param>
/// <param name="KeepPrivileges">Whether the archive's grants are restored too.</param>
/// <param name="StagingDirectory">Where the archive is put down once when <paramref name="Jobs"/> is above 1.</param>
/// <param name="Jobs">1 streams the archive; more unpack it once and let pg_restore work side by side, which is faster from two cores on.</param>
/// <param name="Archive">The plain custom-format bytes in their order, in one part or more; each is read more than once.</param>
/// <param name="Progress">Phase and its share that is done, 0 to 1.</param>
/// <param name="ToolEnded">Called when a pg_restore has ended, whatever its exit code.</param>
public sealed record RestoreRequest(
    DatabaseName Database,
    RoleName Owner,
    RoleName Loader,
    Password LoaderPassword,
    Inventory Inventory,
    bool KeepPrivileges,
    string StagingDirectory,
    int Jobs,
    string ApplicationName,
    IReadOnlyList<ArchivePart> Archive,
    Action<string, double>? Progress = null,
    Action<ToolOutcome>? ToolEnded = null)
{
    /// <summary>Makes the database and the loader, where they are not there yet; meanwhile the archive is unpacked.</summary>
    public Func<CancellationToken, Task>? Provision { get; init; }
}
