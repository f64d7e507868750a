using System.Globalization;
using System.Text.RegularExpressions;

namespace Capyd.Configuration;

/// <summary>Takes one value as text. Each method returns null when it took it, else what it wanted.</summary>
internal static partial class ConfigurationValue
{
    public static string? Text(string value, int longest, Action<string> take)
    {
        if (value.Length == 0 || value.Length > longest || value.Any(char.IsControl))
        {
            return $"wants 1 to {longest} characters";
        }

        take(value);
        return null;
    }

    public static string? OneOf(string value, string[] words, Action<string> take)
    {
        if (!words.Contains(value, StringComparer.Ordinal))
        {
            return $"wants one of {string.Join(", ", words)}";
        }

        take(value);
        return null;
    }

    public static string? Integer(string value, int least, int most, Action<int> take)
    {
        if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
        {
            return $"wants a whole number from {least} to {most}";
        }

        take(number);
        return null;
    }

    public static string? Boolean(string value, Action<bool> take) =>
        OneOf(value, ["true", "false"], x => take(x == "true"));

    public static string? AbsolutePath(string value, Action<string> take)
    {
        if (!value.StartsWith('/') || value.Contains('\0', StringComparison.Ordinal))
        {
            return "wants an absolute path";
        }

        take(Path.GetFullPath(value));
        return null;
    }

    public static string? HttpUrl(string value, Action<string> take)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.AbsolutePath != "/")
        {
            return "wants a URL such as http://127.0.0.1:2279 (TLS belongs to a proxy in front)";
        }

        take($"http://{url.Authority}");
        return null;
    }

    public static string? Bytes(string value, long least, Action<long> take)
    {
        var match = ByteCount().Match(value);
        var shift = match.Groups[2].Value switch { "KiB" => 10, "MiB" => 20, "GiB" => 30, "TiB" => 40, _ => 0 };
        if (!match.Success || !long.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var number)
            || number > long.MaxValue >> shift || number << shift < least)
        {
            return $"wants at least {least} bytes, as in 512MiB or 50GiB";
        }

        take(number << shift);
        return null;
    }

    /// <summary>A time as PostgreSQL takes it: 0, 500ms, 30s, 10min, 2h, 1d.</summary>
    public static string? PostgresInterval(string value, Action<string> take)
    {
        if (!Interval().IsMatch(value))
        {
            return "wants a time such as 0, 500ms, 30s, 10min or 2h";
        }

        take(value);
        return null;
    }

    public static string? Names(string value, Action<IReadOnlyList<string>> take)
    {
        var names = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.FirstOrDefault(name => !ExtensionName().IsMatch(name)) is { } bad)
        {
            return $"wants a list of names, and '{bad}' is none";
        }

        take(names);
        return null;
    }

    [GeneratedRegex("^([0-9]{1,15})(KiB|MiB|GiB|TiB)?$")]
    private static partial Regex ByteCount();

    [GeneratedRegex("^(0|[1-9][0-9]{0,8}(ms|s|min|h|d))$")]
    private static partial Regex Interval();

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,62}$")]
    private static partial Regex ExtensionName();
}
