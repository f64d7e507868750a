using System.Text.Json.Serialization;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.Repository;

/// <summary>What the commands print with --json.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(RecoverListing))]
[JsonSerializable(typeof(RecoverReport))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(StatsReport))]
[JsonSerializable(typeof(RebuildReport))]
[JsonSerializable(typeof(GarbageReport))]
[JsonSerializable(typeof(FlushReport))]
[JsonSerializable(typeof(AdoptionReport))]
internal sealed partial class RepositoryReportJson : JsonSerializerContext;
