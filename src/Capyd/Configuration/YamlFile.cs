using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Capyd.Configuration;

/// <summary>Reads a YAML file into dotted keys and texts: <c>postgres: {port: 5432}</c> becomes <c>postgres.port</c>.</summary>
internal static class YamlFile
{
    /// <summary>A list of scalars becomes one text, joined by commas. Anything that is no mapping, list or scalar is a problem.</summary>
    public static IReadOnlyDictionary<string, string> Read(string path, ICollection<string> problems)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var reader = new StreamReader(path);
            var stream = new YamlStream();
            stream.Load(reader);
            if (stream.Documents.Count > 0)
            {
                Walk(stream.Documents[0].RootNode, "", values, problems);
            }
        }
        catch (YamlException e)
        {
            problems.Add($"{path}: line {e.End.Line}: this is not YAML: {e.InnerException?.Message ?? e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path}: cannot be read: {e.Message}");
        }

        return values;
    }

    private static void Walk(YamlNode node, string key, Dictionary<string, string> values, ICollection<string> problems)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                foreach (var (name, child) in mapping.Children)
                {
                    var part = (name as YamlScalarNode)?.Value ?? "?";
                    Walk(child, key.Length == 0 ? part : $"{key}.{part}", values, problems);
                }

                break;
            case YamlSequenceNode list when list.Children.All(child => child is YamlScalarNode):
                values[key] = string.Join(',', list.Children.Select(child => ((YamlScalarNode)child).Value));
                break;
            case YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" }:
                break;
            case YamlScalarNode { Value: { } text } when key.Length > 0:
                values[key] = text;
                break;
            default:
                problems.Add($"{(key.Length == 0 ? "the file" : key)}: wants keys and values");
                break;
        }
    }
}
