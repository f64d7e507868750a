using System.Text.Json;
using System.Text.Json.Serialization;

namespace Capyd.Storage.Sqlite;

/// <summary>Lists of words as JSON text: for columns, and for <c>IN (SELECT value FROM json_each(@list))</c>.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class TextArray : JsonSerializerContext
{
    public static string Write(IReadOnlyList<string> words) =>
        JsonSerializer.Serialize(words, Default.IReadOnlyListString);

    public static IReadOnlyList<string> Read(string json) =>
        JsonSerializer.Deserialize(json, Default.IReadOnlyListString) ?? [];
}
