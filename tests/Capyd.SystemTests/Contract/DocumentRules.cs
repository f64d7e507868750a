using Capyd.SystemTests.OpenApi;

namespace Capyd.SystemTests.Contract;

/// <summary>The rules of OpenAPI 3.0 that generators of clients stumble over, for the parts that the document uses.</summary>
internal sealed class DocumentRules(ApiDescription document)
{
    private static readonly string[] Types = ["object", "array", "string", "integer", "number", "boolean"];

    private static readonly string[] SchemaWords =
        ["$ref", "type", "format", "nullable", "properties", "required", "items", "enum", "default", "description", "allOf", "minimum", "maximum", "additionalProperties", "example", "pattern", "minLength", "maxLength"];

    private static readonly Dictionary<string, string[]> Formats = new()
    {
        ["integer"] = ["int32", "int64"], ["number"] = ["double", "float"], ["string"] = ["date-time", "uri", "byte", "binary"],
    };

    /// <summary>Everything that is wrong, each with its place.</summary>
    public IReadOnlyList<string> Problems() =>
        [.. document.Json["components"]!["schemas"]!.AsObject().SelectMany(schema => OfSchema(schema.Value!, $"#/components/schemas/{schema.Key}")), .. document.Operations.SelectMany(OfOperation), .. OfTop()];

    private IEnumerable<string> OfTop()
    {
        var tags = document.Json["tags"]!.AsArray().Select(tag => tag!.Text("name")).ToHashSet();
        return document.Operations.SelectMany(operation => operation.Json["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()).Where(tag => !tags.Contains(tag)).Select(tag => $"{operation.Path}: no tag {tag}"))
            .Concat(document.Operations.GroupBy(operation => string.Join('/', operation.Path.Split('/').Select(part => part.StartsWith('{') ? "{}" : part)) + operation.Method)
                .Where(group => group.Count() > 1).Select(group => $"{group.Key} is there {group.Count()} times"));
    }

    private IEnumerable<string> OfOperation(ApiOperation operation)
    {
        var place = $"{operation.Method} {operation.Path}";
        var parameters = (operation.Json["parameters"]?.AsArray() ?? []).Select(parameter => parameter!).ToList();
        foreach (var parameter in parameters)
        {
            if (parameter.Text("in") == "path" && parameter["required"]?.GetValue<bool>() != true)
            {
                yield return $"{place}: the path parameter {parameter.Text("name")} is not required";
            }

            foreach (var problem in parameter["schema"] is { } schema ? OfSchema(schema, $"{place} {parameter.Text("name")}") : [$"{place}: {parameter.Text("name")} has no schema"])
            {
                yield return problem;
            }
        }

        var rest = parameters.GroupBy(parameter => parameter.Text("in") + parameter.Text("name")).Where(group => group.Count() > 1).Select(group => $"{place}: {group.Key} twice")
            .Concat(operation.Method is "GET" or "DELETE" && operation.Json["requestBody"] is not null ? [$"{place} has a body"] : [])
            .Concat(OfContent(operation.Json["requestBody"]?["content"], place + " body"))
            .Concat(operation.Json["responses"]!.AsObject().SelectMany(response => OfResponse(response.Key, response.Value!, place)))
            .Concat((operation.Json["security"]?.AsArray() ?? []).SelectMany(one => one!.AsObject())
                .Where(scheme => document.Json["components"]!["securitySchemes"]?[scheme.Key] is null).Select(scheme => $"{place}: no security scheme {scheme.Key}"));
        foreach (var problem in rest)
        {
            yield return problem;
        }
    }

    private IEnumerable<string> OfResponse(string status, JsonNode response, string place) =>
        (string.IsNullOrEmpty(response.TextOrNull("description")) ? [$"{place} {status} has no description"] : Array.Empty<string>())
            .Concat(status is "default" || (status.Length == 3 && status[0] is >= '1' and <= '5') ? [] : [$"{place}: {status} is no status"])
            .Concat(OfContent(response["content"], $"{place} {status}"));

    private IEnumerable<string> OfContent(JsonNode? content, string place) => (content?.AsObject() ?? [])
        .Where(media => media.Value!["schema"] is not null).SelectMany(media => OfSchema(media.Value!["schema"]!, $"{place} {media.Key}"));

    private IEnumerable<string> OfSchema(JsonNode schema, string place)
    {
        foreach (var word in schema.AsObject().Where(word => !SchemaWords.Contains(word.Key)))
        {
            yield return $"{place}: {word.Key} is no word of a schema";
        }

        if (schema["$ref"] is not null)
        {
            document.Resolve(schema);
            yield break;
        }

        var type = schema.TextOrNull("type");
        if (type is not null && !Types.Contains(type))
        {
            yield return $"{place}: {type} is no type";
        }

        if (schema.TextOrNull("format") is { } format && !(type is not null && Formats.TryGetValue(type, out var known) && known.Contains(format)))
        {
            yield return $"{place}: {type} has no format {format}";
        }

        if ((type == "array") != (schema["items"] is not null))
        {
            yield return $"{place}: items belong to an array, and each array has them";
        }

        var fields = schema["properties"]?.AsObject() ?? [];
        foreach (var missing in (schema["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>()).Where(name => !fields.ContainsKey(name)))
        {
            yield return $"{place}: {missing} is required and is no property";
        }

        var inner = fields.Select(field => (Place: $"{place}.{field.Key}", Schema: field.Value!)).Append((Place: place + "[]", Schema: schema["items"]!)).Where(one => one.Schema is not null);
        foreach (var problem in inner.SelectMany(one => OfSchema(one.Schema, one.Place)))
        {
            yield return problem;
        }
    }
}
