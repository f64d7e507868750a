using System.Text.Json.Serialization;

namespace Capyd.Recovery;

/// <summary>Which moments of a project can be restored.</summary>
/// <param name="Available">Whether any can.</param>
/// <param name="Latest">Of the newest commit that was received; later moments are clamped to it.</param>
/// <param name="RpoSeconds">How much would be lost if the server vanished now.</param>
/// <param name="LastDrillRtoSeconds">How long the last good drill of the project took, or else of any; absent before the first.</param>
/// <param name="Reason">Why nothing can be restored, or why nothing new is received.</param>
internal sealed record RecoveryWindowBody(
    bool Available, DateTimeOffset? Earliest, DateTimeOffset? Latest, IReadOnlyList<RecoveryGapBody> Gaps, double? RpoSeconds,
    double? LastDrillRtoSeconds, int BaseBackups, int PitrWindowDays, string? Reason)
{
    /// <summary>What of the commits would be lost with the host; absent where the repository is on it, and until it is known.</summary>
    public double? OffHostRpoSeconds { get; init; }
}

internal sealed record RecoveryGapBody(DateTimeOffset From, DateTimeOffset To, string FromLsn, string? Reason);

internal sealed record RecoveryWindowEnvelope(RecoveryWindowBody RecoveryWindow);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecoveryWindowEnvelope))]
[JsonSerializable(typeof(RecoveryPlan))]
internal sealed partial class RecoveryJson : JsonSerializerContext;
