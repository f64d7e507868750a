using System.Text.Json;

namespace Capyd.Client;

/// <summary>Reads answers without minding what is missing: an older or newer server is no reason to fail.</summary>
internal static class JsonReading
{
    /// <summary>Empty when it is missing.</summary>
    public static string Text(this JsonElement json, string name) => json.TextOrNull(name) ?? "";

    public static string? TextOrNull(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
            ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Null => null, _ => value.GetRawText() }
            : null;

    public static JsonElement Object(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;

    public static IReadOnlyList<JsonElement> List(this JsonElement json, string name) =>
        json.Object(name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    /// <summary>A time as people read it, in UTC.</summary>
    public static string Time(this JsonElement json, string name) =>
        DateTimeOffset.TryParse(json.Text(name), System.Globalization.CultureInfo.InvariantCulture, out var time)
            ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)
            : "";

    /// <summary>A number of bytes as people read it.</summary>
    public static string Size(this JsonElement json, string name)
    {
        var size = double.TryParse(json.Text(name), System.Globalization.CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var power = 0;
        for (; size >= 1024 && power < units.Length - 1; power++)
        {
            size /= 1024;
        }

        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{size:0.#} {units[power]}");
    }
}
