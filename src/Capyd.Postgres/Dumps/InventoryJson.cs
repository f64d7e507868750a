using System.Text.Json.Serialization;

namespace Capyd.Postgres.Dumps;

/// <summary>How an inventory is written beside its dump.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Inventory))]
public sealed partial class InventoryJson : JsonSerializerContext;
