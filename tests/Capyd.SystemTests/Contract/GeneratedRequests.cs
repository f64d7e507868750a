using System.Globalization;
using Capyd.SystemTests.OpenApi;

namespace Capyd.SystemTests.Contract;

/// <summary>A request made from the document.</summary>
/// <param name="MustBeRefused">Its body has a value of a type that the schema does not allow.</param>
internal sealed record GeneratedRequest(string Method, string Path, JsonNode? Body, bool MustBeRefused);

/// <summary>
/// Makes requests that the document allows, and such that differ from them in one value. The same seed makes the same ones.
/// </summary>
/// <param name="known">Values of path parameters that exist, by name.</param>
internal sealed class GeneratedRequests(int seed, ApiDescription document, IReadOnlyDictionary<string, string[]> known)
{
    private readonly Random _random = new(seed);

    /// <summary>Words that have a meaning, so that more than the first check is reached.</summary>
    private static readonly Dictionary<string, string[]> Words = new()
    {
        ["environment"] = ["production", "non_production"], ["mode"] = ["clone", "empty"], ["target_kind"] = ["new_preview", "preview", "project"], ["kind"] = ["backup", "pitr"],
        ["region"] = ["local"], ["postgres_version"] = ["15", "17"], ["action"] = ["project.delete"], ["source"] = ["cli", "agent"], ["scopes"] = ["projects:read", "*", "jobs:read"],
        ["event_types"] = ["job.failed", "project.ready"], ["url"] = ["https://1.1.1.1/x", "http://[::1]/"], ["source_url"] = ["postgresql://u:p@10.0.0.1/x", "postgres://h"],
        ["query"] = ["SELECT 1", "SELECT * FROM documented", "DELETE FROM documented", "SELECT now(), NULL, 1.5::float8, ARRAY[1,2]", "syntax error"],
        ["ttl_hours"] = ["1", "24", "168"], ["cron_hour"] = ["0", "23"], ["cron_minute"] = ["0", "59"], ["retention_days"] = ["1", "365"], ["max_rows"] = ["1", "1000"],
        ["name"] = ["pgcrypto", "citext", "gen-a", "gen-b"], ["slug"] = ["gen-a", "gen-b"],
    };

    public GeneratedRequest Make(ApiOperation operation)
    {
        var path = string.Join('/', operation.Path.Split('/').Select(part => part.StartsWith('{') ? Uri.EscapeDataString(Parameter(part.Trim('{', '}'))) : part));
        var query = (operation.Json["parameters"]?.AsArray() ?? []).Where(parameter => parameter!.Text("in") == "query" && _random.Next(2) == 0)
            .Select(parameter => $"{parameter!.Text("name")}={Uri.EscapeDataString(Value(parameter!["schema"]!, parameter!.Text("name"))?.ToString() ?? "")}");
        var target = path + (string.Join('&', query) is { Length: > 0 } text ? "?" + text : "");
        if (operation.Json["requestBody"]?["content"]?["application/json"]?["schema"] is not { } schema)
        {
            return new GeneratedRequest(operation.Method, target, null, false);
        }

        var body = Value(schema, "")!.AsObject();
        var spoiled = body.Count > 0 && _random.Next(3) == 0;
        if (spoiled)
        {
            Spoil(document.Resolve(schema)["properties"]!, body);
        }

        return new GeneratedRequest(operation.Method, target, body, spoiled);
    }

    /// <summary>Something that exists, three times in four.</summary>
    private string Parameter(string name) => known.TryGetValue(name, out var values) && _random.Next(4) > 0 ? Pick(values) : Pick("prj_aaaaaaaaaaaaaaaaaaaa", "citext", "x", "a b/c", "Ü");

    private JsonNode? Value(JsonNode schema, string name)
    {
        var resolved = document.Resolve(schema);
        return resolved.TextOrNull("type") switch
        {
            "object" => new JsonObject((resolved["properties"]?.AsObject() ?? []).Where(_ => _random.Next(4) > 0).Select(field => KeyValuePair.Create(field.Key, Value(field.Value!, field.Key)))),
            _ when name.Length > 0 && resolved["nullable"]?.GetValue<bool>() == true && _random.Next(12) == 0 => null,
            "array" => new JsonArray([.. Enumerable.Range(0, _random.Next(3)).Select(_ => Value(resolved["items"]!, name))]),
            "integer" => Words.TryGetValue(name, out var numbers) && _random.Next(2) == 0 ? int.Parse(Pick(numbers), CultureInfo.InvariantCulture) : Pick(0, 1, -1, 200, int.MaxValue, int.MinValue),
            "number" => _random.NextDouble(),
            "boolean" => _random.Next(2) == 0,
            _ => resolved.TextOrNull("format") == "date-time" ? Pick("2031-01-02T03:04:05Z", "2020-02-29T23:59:59.999999+02:00") : Text(name),
        };
    }

    private string Text(string name) => Words.TryGetValue(name, out var words) && _random.Next(4) > 0
        ? Pick(words)
        : known.TryGetValue(name, out var values) && _random.Next(3) > 0 ? Pick(values) : Pick("", "gen", "Grüße 😀", "a\u0007b", "'; --", new string('n', 300), " ", "2026-01-01T00:00:00Z");

    /// <summary>Replaces one value by one of a type that its schema does not allow.</summary>
    private void Spoil(JsonNode properties, JsonObject body)
    {
        var name = Pick([.. body.Select(field => field.Key)]);
        body[name] = document.Resolve(properties[name]!).TextOrNull("type") switch
        {
            "integer" => Pick<Func<JsonNode>>(() => 1.5, () => "many", () => true, () => 99999999999L)(),
            "boolean" => Pick<Func<JsonNode>>(() => 1, () => "true", () => new JsonArray())(),
            "array" => Pick<Func<JsonNode>>(() => "x", () => new JsonObject(), () => new JsonArray(1))(),
            _ => Pick<Func<JsonNode>>(() => 5, () => false, () => new JsonObject { ["a"] = 1 }, () => new JsonArray("x"))(),
        };
    }

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
