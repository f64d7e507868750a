using System.Text.Json.Serialization;

namespace Capyd.Extensions;

/// <summary>Contract B.8. Versions are left out where the host or the database has none.</summary>
internal sealed record ExtensionBody(
    string Name, string Description, string Category, string? DefaultVersion, string? AvailableVersion, string? InstalledVersion, bool Enabled,
    bool Trusted, bool RequiresRestart, bool UpdateAvailable);

internal sealed record ExtensionsBody(IReadOnlyList<ExtensionBody> Extensions);

internal sealed record EnableExtensionRequest(string? Name);

/// <summary>What an extension job has to know.</summary>
internal sealed record ExtensionPayload(string Name);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExtensionsBody))]
[JsonSerializable(typeof(EnableExtensionRequest))]
[JsonSerializable(typeof(ExtensionPayload))]
internal sealed partial class ExtensionsJson : JsonSerializerContext;
