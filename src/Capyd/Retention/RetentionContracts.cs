using System.Text.Json.Serialization;

namespace Capyd.Retention;

/// <summary>What the next run would remove, and what could not be recovered after it.</summary>
internal sealed record RetentionPreviewBody(
    int WindowDays, DateTimeOffset WindowStart, DateTimeOffset? EarliestAfter, IReadOnlyList<ExpiringBaseBackupBody> BaseBackups, ExpiringWalBody Wal,
    IReadOnlyList<ExpiringBackupBody> Backups, IReadOnlyList<TimeRangeBody> Unreachable, IReadOnlyList<PinnedBaseBackupBody> Pinned);

internal sealed record ExpiringBaseBackupBody(string Id, string Name, DateTimeOffset? StopAt, long LogicalBytes, DateTimeOffset CreatedAt);

/// <summary>What stays whatever its age.</summary>
/// <param name="Until">WAL is kept up to this moment for it; absent when all since is kept.</param>
internal sealed record PinnedBaseBackupBody(string Id, string Name, DateTimeOffset? StopAt, DateTimeOffset? Until, string Reason);

internal sealed record ExpiringWalBody(int Segments, long StoredBytes);

internal sealed record ExpiringBackupBody(string Id, string ProjectId, string BackupKey, long SizeBytes, DateTimeOffset CreatedAt);

/// <summary><c>to</c> itself stays reachable.</summary>
internal sealed record TimeRangeBody(DateTimeOffset From, DateTimeOffset To);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RetentionPreviewBody))]
internal sealed partial class RetentionJson : JsonSerializerContext;
