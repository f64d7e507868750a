using System.Text.Json;
using System.Text.Json.Serialization;
using Capyd.Postgres.Dumps;

namespace Capyd.Archives;

/// <summary>
/// Stands beside each archive, is written after it, and makes the repository self-describing: whose it is, its size and hash, and
/// the inventory that was read in the snapshot of the dump.
/// </summary>
internal sealed record ArchiveManifest(
    int Format, string BackupId, string ProjectId, string ProjectName, string ProjectSlug, string? Label, string BackupKey, long SizeBytes,
    string Sha256, DateTimeOffset CreatedAt, string CapydVersion, Inventory Inventory)
{
    public const int CurrentFormat = 1;

    /// <summary>Days until it may go; null keeps it, and in manifests that were written before this was kept.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>The job that made it; null in older manifests.</summary>
    public string? JobId { get; init; }

    /// <summary>The schedule that asked for it; null when a person did, and in older manifests.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>In their order; null in manifests of archives that are one frame.</summary>
    public IReadOnlyList<ArchiveFrame>? Frames { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ArchiveJson.Default.ArchiveManifest);

    public static ArchiveManifest Parse(ReadOnlySpan<byte> json)
    {
        var manifest = JsonSerializer.Deserialize(json, ArchiveJson.Default.ArchiveManifest) ?? throw new InvalidDataException("the manifest is empty");
        return manifest.Format == CurrentFormat
            ? manifest
            : throw new InvalidDataException($"the manifest has format {manifest.Format}, and this capyd reads format {CurrentFormat}: upgrade capyd");
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ArchiveManifest))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
