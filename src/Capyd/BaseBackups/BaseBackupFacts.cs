using System.Text.Json;
using System.Text.Json.Serialization;
using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Cluster;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.BaseBackups;

/// <summary>What a base backup says of itself in the header of its manifest: all that capyd needs to go on with it when its metadata is lost.</summary>
internal sealed record BaseBackupFacts
{
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    public required string Id { get; init; }

    public required string ClusterId { get; init; }

    public required string Trigger { get; init; }

    public string? Label { get; init; }

    public required string SystemIdentifier { get; init; }

    public required uint Timeline { get; init; }

    /// <summary>Replay begins here.</summary>
    public required string StartLsn { get; init; }

    /// <summary>Nothing before this position can be recovered from it.</summary>
    public required string StopLsn { get; init; }

    /// <summary>The earliest moment that can be recovered from it, by the server's clock, rounded up to milliseconds.</summary>
    public required DateTimeOffset StopAt { get; init; }

    /// <summary>A time of the server's clock before the first file was looked at; null where an older capyd took it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Files with an earlier time were settled when they were looked at; null where an older capyd took it.</summary>
    public DateTimeOffset? SettledBefore { get; init; }

    /// <summary>When the newest backup began of which every file was read: this one, or one before it whose unchanged files it took over;
    /// null where an older capyd took it, which always read everything.</summary>
    public DateTimeOffset? ReadWholeAt { get; init; }

    /// <summary>Such as 150018.</summary>
    public required int ServerVersion { get; init; }

    public required int WalSegmentBytes { get; init; }

    public required bool DataChecksums { get; init; }

    public required IReadOnlyList<BaseBackupDatabase> Databases { get; init; }

    public required IReadOnlyList<BaseBackupTablespace> Tablespaces { get; init; }

    /// <summary>Whether pieces were taken over unread from the backup before, so that hint bits may differ from what the server sent.</summary>
    public required bool ReusesPages { get; init; }

    public required long Files { get; init; }

    public required long Bytes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>whole, or changed: only files of which size or times had changed.</summary>
    [JsonIgnore]
    public string Reading => ReadWholeAt == StartedAt ? BaseBackupRow.ReadWhole : BaseBackupRow.ReadChanged;

    /// <summary>Whether every file was read not longer ago than this.</summary>
    public bool WasReadWithin(TimeSpan span, DateTimeOffset now) => StartedAt is not null && ReadWholeAt is { } whole && now - whole < span;

    /// <summary>Where it began, as the comparison of pages wants it.</summary>
    public BaseBackupStart Start() => new(
        Postgres.Cluster.SystemIdentifier.Parse(SystemIdentifier), new TimelineId(Timeline), Lsn.Parse(StartLsn), ServerVersion, WalSegmentBytes, DataChecksums, Bytes)
    {
        Tablespaces = Tablespaces,
        Databases = Databases,
    };

    /// <param name="earlier">The backup from which pieces or files may have been taken over.</param>
    /// <param name="reuses">Whether pieces were.</param>
    public static BaseBackupFacts Of(
        BaseBackupRow row, ClusterId cluster, BaseBackupResult result, BaseBackupFacts? earlier, bool reuses, DateTimeOffset now) => new()
    {
        Id = row.Id.ToString(), ClusterId = cluster.ToString(), Trigger = row.Trigger, Label = row.Label,
        SystemIdentifier = result.Start.SystemIdentifier.ToString(), Timeline = result.Start.Timeline.Value,
        StartLsn = result.Start.StartLsn.ToString(), StopLsn = result.StopLsn.ToString(), StopAt = result.StopAt,
        ServerVersion = result.Start.ServerVersion, WalSegmentBytes = result.Start.WalSegmentBytes, DataChecksums = result.Start.DataChecksums,
        Databases = result.Start.Databases, Tablespaces = result.Start.Tablespaces, ReusesPages = reuses || (!result.ReadWhole && earlier!.ReusesPages),
        StartedAt = result.StartedAt, SettledBefore = result.SettledBefore, ReadWholeAt = result.ReadWhole ? result.StartedAt : earlier!.ReadWholeAt,
        Files = result.Files, Bytes = result.Bytes, CreatedAt = row.CreatedAt, CompletedAt = now,
    };

    /// <exception cref="RepositoryDamagedException">A manifest that no capyd wrote, or a newer one.</exception>
    public static BaseBackupFacts Of(ManifestHeader header)
    {
        try
        {
            return JsonSerializer.Deserialize(header.Metadata, FactsJson.Default.BaseBackupFacts) is { Format: CurrentFormat } facts
                ? facts
                : throw new RepositoryDamagedException($"The manifest {header.Name} was written by a newer capyd; upgrade this one.");
        }
        catch (JsonException e)
        {
            throw new RepositoryDamagedException($"The manifest {header.Name} does not say what it is a backup of: {e.Message}", e);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, FactsJson.Default.BaseBackupFacts);

    /// <summary>The row of the backup, as its manifest tells it.</summary>
    public BaseBackupRow ToRow(ManifestHeader header) => new()
    {
        Id = BaseBackupId.Parse(Id), Name = header.Name, SystemIdentifier = SystemIdentifier, State = "completed", Trigger = Trigger, Label = Label,
        Timeline = (int)Timeline, StartLsn = StartLsn, StopLsn = StopLsn, StopAt = StopAt, ServerVersion = ServerVersion, Files = Files,
        Reading = Reading, LogicalBytes = header.LogicalBytes, AddedBytes = header.AddedBytes, CreatedAt = CreatedAt, CompletedAt = CompletedAt, UpdatedAt = CompletedAt,
    };
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BaseBackupFacts))]
internal sealed partial class FactsJson : JsonSerializerContext;
