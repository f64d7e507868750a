using System.Text.Json;
using System.Text.RegularExpressions;

namespace Capyd.SystemTests.Contract;

/// <summary>What a strict client's decoder breaks on (contract A.11, E.1): empty or bad times, null, and floats for integers.</summary>
internal static partial class WireShape
{
    /// <summary>Values of a tenant and of capyd's own making, which no client decodes.</summary>
    private static readonly string[] Opaque = ["rows", "metadata", "payload", "result", "wake"];

    private static readonly string[] Integers =
        ["attempts", "max_attempts", "row_count", "duration_ms", "direct_port", "pooled_port", "max_connections", "cron_hour", "cron_minute", "retention_days", "connection_count", "connection_limit"];

    /// <summary>The first thing wrong, with its place; null when nothing is.</summary>
    public static string? Problem(JsonNode json) => Problem(json, "$", "");

    /// <summary>Fails unless each of these is there and not null.</summary>
    public static void Require(string what, JsonNode json, params string[] fields) =>
        Assert.All(fields, field => Assert.True(json[field] is not null, $"a {what} without {field}: {json.ToJsonString()}"));

    private static string? Problem(JsonNode? value, string place, string name) => value switch
    {
        null => $"{place} is null",
        JsonObject fields => fields.Where(field => !Opaque.Contains(field.Key) || field.Value is not JsonObject)
            .Select(field => Opaque.Contains(field.Key) ? null : Problem(field.Value, $"{place}.{field.Key}", field.Key)).FirstOrDefault(problem => problem is not null),
        JsonArray items => items.Select((item, at) => Problem(item, $"{place}[{at}]", "")).FirstOrDefault(problem => problem is not null),
        JsonValue one => OfValue(one, place, name),
        _ => null,
    };

    private static string? OfValue(JsonValue value, string place, string name)
    {
        if (name.EndsWith("_at", StringComparison.Ordinal) || name is "pitr_time" or "restore_time" or "billing_period_end")
        {
            return value.GetValueKind() == JsonValueKind.String && Rfc3339().IsMatch(value.GetValue<string>()) && DateTimeOffset.TryParse(value.GetValue<string>(), null, out _)
                ? null
                : $"{place} is no time of RFC 3339";
        }

        var whole = Integers.Contains(name) || name.EndsWith("_bytes", StringComparison.Ordinal);
        return whole && !Digits().IsMatch(value.ToJsonString()) ? $"{place} is no integer" : null;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex Rfc3339();

    [GeneratedRegex(@"^-?\d+$")]
    private static partial Regex Digits();
}
