using System.Text.Json.Serialization;

namespace Capyd.Postgres.Imports;

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RemoteAnswer))]
internal sealed partial class RemoteAnswerJson : JsonSerializerContext;
