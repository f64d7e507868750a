using System.Text.Json;

namespace Capyd.Auth.Clerk;

/// <summary>Reads JSON that must mean one thing only: a name that stands twice is refused, since two readers might take different ones.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <summary>The object, or null when it is anything else.</summary>
    public static JsonElement? Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object && NamesOnce(document.RootElement) ? document.RootElement.Clone() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second: names that are JSON, but no text, such as half a surrogate pair.
            return null;
        }
    }

    /// <summary>A member that is a text; null when it is absent or anything else.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? ReadText(member) : null;

    private static string? ReadText(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is JSON, but no text.
            return null;
        }
    }

    private static bool NamesOnce(JsonElement element)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (!names.Add(member.Name) || (member.Value.ValueKind == JsonValueKind.Object && !NamesOnce(member.Value)))
            {
                return false;
            }
        }

        return true;
    }
}
