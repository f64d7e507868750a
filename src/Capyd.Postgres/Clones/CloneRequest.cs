using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Clones;

/// <summary>Which database to copy, into which new one, for whom.</summary>
/// <param name="Target">Must not exist; on failure whatever is there of it is to be dropped by the caller.</param>
/// <param name="Owner">Will own the database and everything in it.</param>
/// <param name="Settings">Kept with ALTER DATABASE SET; they go over those of the source.</param>
/// <param name="Marker">Of the database and of the loader.</param>
public sealed record CloneRequest(
    DatabaseName Source, DatabaseName Target, RoleName Owner, IReadOnlyDictionary<string, string> Settings, string Marker)
{
    /// <summary>The unprivileged role that loads; made when it is needed, dropped by the caller.</summary>
    public required RoleName Loader { get; init; }

    /// <summary>Where definitions and small tables are put down on their way.</summary>
    public required string StagingDirectory { get; init; }

    /// <summary>How many tables are copied or indexed at a time.</summary>
    public required int Jobs { get; init; }

    /// <summary>A larger source is never copied as files.</summary>
    public long TemplateMaxBytes { get; init; }

    /// <summary>Whether grants are copied too: only where the owner is the one that made them.</summary>
    public bool KeepPrivileges { get; init; }

    public required string ApplicationName { get; init; }

    /// <summary>Phase and the share of the whole that is done, 0 to 1.</summary>
    public Action<string, double>? Progress { get; init; }

    /// <summary>Called when a tool has ended, whatever its exit code.</summary>
    public Action<ToolOutcome>? ToolEnded { get; init; }
}
