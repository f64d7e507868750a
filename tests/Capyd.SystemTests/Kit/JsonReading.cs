namespace Capyd.SystemTests.Kit;

public static class JsonReading
{
    public static string Text(this JsonNode json, string field) =>
        json[field]?.GetValue<string>() ?? throw new Xunit.Sdk.XunitException($"there is no {field} in {json.ToJsonString()}");

    public static string? TextOrNull(this JsonNode json, string field) => json[field]?.GetValue<string>();

    public static int Number(this JsonNode json, string field) =>
        json[field]?.GetValue<int>() ?? throw new Xunit.Sdk.XunitException($"there is no {field} in {json.ToJsonString()}");

    /// <summary>The objects of a list envelope.</summary>
    public static IReadOnlyList<JsonObject> Objects(this JsonNode json, string field) => json[field]!.AsArray().Select(item => item!.AsObject()).ToList();
}
