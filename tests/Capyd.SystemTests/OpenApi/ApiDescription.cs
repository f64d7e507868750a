namespace Capyd.SystemTests.OpenApi;

/// <summary>The OpenAPI document that the daemon serves.</summary>
internal sealed class ApiDescription(JsonObject json)
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    public JsonObject Json { get; } = json;

    public IReadOnlyList<ApiOperation> Operations =>
        [.. Json["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Where(member => Methods.Contains(member.Key))
            .Select(member => new ApiOperation(member.Key.ToUpperInvariant(), path.Key, member.Value!.AsObject(), this)))];

    public static async Task<ApiDescription> LoadAsync(ApiClient api) => new((await api.GetAsync("/v1/openapi.json")).Expect(200).Json.AsObject());

    /// <summary>The schema itself, or what its <c>$ref</c> points at; <c>allOf</c> with one member is that member.</summary>
    public JsonNode Resolve(JsonNode schema)
    {
        while (schema["$ref"] is { } reference)
        {
            schema = reference.GetValue<string>()[2..].Split('/').Aggregate((JsonNode)Json, (node, part) => node[part]
                ?? throw new Xunit.Sdk.XunitException($"the document has a reference into nothing: {reference}"));
        }

        return schema["allOf"] is JsonArray { Count: 1 } all ? Resolve(all[0]!) : schema;
    }
}
