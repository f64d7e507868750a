namespace Capyd.SystemTests.OpenApi;

/// <summary>One method on one path of the document.</summary>
internal sealed record ApiOperation(string Method, string Path, JsonObject Json, ApiDescription Document)
{
    public IReadOnlyList<string> QueryNames =>
        [.. (Json["parameters"]?.AsArray() ?? []).Where(parameter => parameter!.Text("in") == "query").Select(parameter => parameter!.Text("name"))];

    /// <summary>The fields of the JSON body; empty when it takes none.</summary>
    public IReadOnlyList<string> BodyFields =>
        Json["requestBody"]?["content"]?["application/json"]?["schema"] is { } schema && Document.Resolve(schema)["properties"] is JsonObject fields
            ? [.. fields.Select(member => member.Key)]
            : [];

    /// <summary>The declared answer for a status, or the default one; null when neither is there.</summary>
    public JsonObject? Response(int status) => (Json["responses"]?[status.ToString(System.Globalization.CultureInfo.InvariantCulture)] ?? Json["responses"]?["default"])?.AsObject();

    /// <summary>What is wrong with an answer by this document; null when nothing is.</summary>
    public string? Problem(Reply reply)
    {
        if (Response(reply.Status) is not { } response)
        {
            return $"status {reply.Status} is not declared for {Method} {Path}";
        }

        if (response["content"]?["application/json"]?["schema"] is not { } schema)
        {
            return null;
        }

        try
        {
            return SchemaCheck.Problem(Document, schema, JsonNode.Parse(reply.Text), "$");
        }
        catch (System.Text.Json.JsonException)
        {
            return "the body is not JSON";
        }
    }
}
