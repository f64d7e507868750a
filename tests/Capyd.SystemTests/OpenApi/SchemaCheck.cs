using System.Text.Json;

namespace Capyd.SystemTests.OpenApi;

/// <summary>As much of JSON Schema as the document uses: types, required, properties, items, enum, nullable.</summary>
internal static class SchemaCheck
{
    /// <summary>The first thing wrong, with its place; null when nothing is.</summary>
    public static string? Problem(ApiDescription document, JsonNode schema, JsonNode? value, string place)
    {
        var resolved = document.Resolve(schema);
        if (value is null)
        {
            return resolved["nullable"]?.GetValue<bool>() == true || resolved["type"] is null ? null : $"{place} is null and is not nullable";
        }

        if (resolved["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)))
        {
            return $"{place} is {value.ToJsonString()}, which is none of {words.ToJsonString()}";
        }

        return resolved["type"]?.GetValue<string>() switch
        {
            "object" => value is JsonObject fields ? OfObject(document, resolved, fields, place) : $"{place} is no object",
            "array" => value is JsonArray items ? OfArray(document, resolved, items, place) : $"{place} is no array",
            "string" => Is(value, place, JsonValueKind.String),
            "boolean" => Is(value, place, JsonValueKind.True, JsonValueKind.False),
            "integer" => Is(value, place, JsonValueKind.Number) ?? (value.AsValue().TryGetValue<long>(out _) ? null : $"{place} is no integer"),
            "number" => Is(value, place, JsonValueKind.Number),
            _ => null,
        };
    }

    private static string? OfObject(ApiDescription document, JsonNode schema, JsonObject value, string place)
    {
        if (schema["required"] is JsonArray required && required.Select(name => name!.GetValue<string>()).FirstOrDefault(name => !value.ContainsKey(name)) is { } missing)
        {
            return $"{place}.{missing} is required and missing";
        }

        return schema["properties"] is JsonObject properties
            ? value.Select(field => properties[field.Key] is { } inner ? Problem(document, inner, field.Value, $"{place}.{field.Key}") : $"{place}.{field.Key} is not in the document")
                .FirstOrDefault(problem => problem is not null)
            : null;
    }

    private static string? OfArray(ApiDescription document, JsonNode schema, JsonArray value, string place) => schema["items"] is { } items
        ? value.Select((item, index) => Problem(document, items, item, $"{place}[{index}]")).FirstOrDefault(problem => problem is not null)
        : null;

    private static string? Is(JsonNode value, string place, params JsonValueKind[] kinds) =>
        kinds.Contains(value.GetValueKind()) ? null : $"{place} is {value.GetValueKind()} and should be {kinds[0]}";
}
