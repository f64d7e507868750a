using System.Text;
using System.Text.Json;

namespace Capyd.Client;

/// <summary>The status as JSON: the API's own words, with what was gathered of each project beside them.</summary>
internal static class StatusJsonText
{
    public static JsonElement Merge(JsonElement parts, IEnumerable<ProjectSafety> states)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var field in parts.EnumerateObject())
            {
                field.WriteTo(writer);
            }

            writer.WriteStartArray("projects");
            foreach (var state in states)
            {
                Write(writer, state);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter writer, ProjectSafety state)
    {
        writer.WriteStartObject();
        writer.WriteString("slug", state.Slug);
        writer.WriteString("state", state.State);
        writer.WriteString("last_proven_backup", state.LastProven);
        writer.WriteString("rpo", state.Rpo);
        writer.WriteString("recoverable_from", state.Window);
        WriteList(writer, "alerts", state.Alerts);
        WriteList(writer, "problems", state.Problems);
        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
