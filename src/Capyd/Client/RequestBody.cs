using System.Text.Json;

namespace Capyd.Client;

/// <summary>A JSON object of what was said on the command line.</summary>
internal static class RequestBody
{
    /// <param name="fields">Strings, numbers and booleans; what is null is left out.</param>
    public static byte[] Of(params (string Name, object? Value)[] fields)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                Write(json, name, value);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case string text:
                json.WriteString(name, text);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case DateTimeOffset time:
                json.WriteString(name, time);
                break;
            case null:
                break;
            default:
                throw new ArgumentException($"{name} cannot be sent", nameof(value));
        }
    }
}
