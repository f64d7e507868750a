using System.Text.Json.Serialization;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>How the header of a manifest is written.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ManifestHeader))]
internal sealed partial class RepositoryJson : JsonSerializerContext;
