using System.Text.Json.Serialization;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>How wrapped keys are written.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(WrappedKey))]
internal sealed partial class SealingJson : JsonSerializerContext;
