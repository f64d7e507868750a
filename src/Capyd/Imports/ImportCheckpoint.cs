using System.Text.Json;
using Capyd.Postgres.Dumps;
using Capyd.Storage.Jobs;

namespace Capyd.Imports;

/// <summary>What an import has achieved, for a run after a crash. A later stage contains the earlier ones.</summary>
/// <param name="ExcludedSchemas">Schemas of the source's provider, left out.</param>
/// <param name="Result">What will be told of the import; known once it is proven.</param>
internal sealed record ImportCheckpoint(string Stage, IReadOnlyList<string> ExcludedSchemas, ImportResult? Result = null)
{
    public const string Accepted = "accepted";

    /// <summary>The source's dump is whole on disk.</summary>
    public const string Fetched = "fetched";

    /// <summary>capyd's own archive of it, and its inventory, are whole on disk.</summary>
    public const string Staged = "staged";

    /// <summary>The new database is built and compared.</summary>
    public const string Proven = "proven";

    public static ImportCheckpoint Of(JobRow job) =>
        job.CheckpointJson is { } json ? JsonSerializer.Deserialize(json, ImportsJson.Default.ImportCheckpoint)! : new ImportCheckpoint(Accepted, []);

    public string ToJson() => JsonSerializer.Serialize(this, ImportsJson.Default.ImportCheckpoint);
}

/// <summary>What stands beside capyd's own archive of an import.</summary>
internal sealed record StagedImport(Inventory Inventory, ImportReportBody Report);
