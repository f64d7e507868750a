using System.Text.Json.Serialization;

namespace Capyd.Errors;

/// <summary>What every refusal looks like on the wire (contract A.6); only <c>error</c> is promised by the contract.</summary>
internal sealed record ErrorBody(string Error, string? Hint, string Code);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class ErrorJson : JsonSerializerContext;
