using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Dumps;

/// <summary>What to dump and where the archive goes.</summary>
/// <param name="ConsumeArchive">Reads pg_dump's output to its end.</param>
/// <param name="ToolEnded">Called once when pg_dump has ended, whatever its exit code.</param>
public sealed record DumpRequest(
    DatabaseName Database,
    string ApplicationName,
    Func<DumpedArchive, CancellationToken, Task> ConsumeArchive,
    Action<DumpProgress>? Progress = null,
    Action<ToolOutcome>? ToolEnded = null)
{
    /// <summary>How many parallel workers the server may add while rows are hashed beside the dump.</summary>
    public int ParallelWorkers { get; init; } = 2;
}
