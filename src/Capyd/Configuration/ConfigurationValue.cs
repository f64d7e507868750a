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

    /// <summary>The kernel takes 107 bytes for the name of a socket.</summary>
    public static string? SocketPath(string value, Action<string> take) =>
        System.Text.Encoding.UTF8.GetByteCount(value) > 107 ? "is too long for a socket, which may have 107 bytes" : AbsolutePath(value, take);

    public static string? ListenAddresses(string value, Action<string> take)
    {
        var addresses = value.Split(',', StringSplitOptions.TrimEntries);
        if (!addresses.All(address => address == "*" || System.Net.IPAddress.TryParse(address, out _)))
        {
            return "wants IP addresses joined by commas, or *";
        }

        take(string.Join(',', addresses));
        return null;
    }

    public static string? SlotName(string value, Action<string> take)
    {
        if (value.Length is 0 or > 63 || value.Any(static c => c is not (>= 'a' and <= 'z') and not (>= '0' and <= '9') and not '_'))
        {
            return "wants 1 to 63 lower-case letters, digits and underscores";
        }

        take(value);
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

    /// <summary>An http or https URL, perhaps with a path, under which a proxy shows the API.</summary>
    public static string? Origin(string value, Action<string> take)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Query.Length + url.Fragment.Length + url.UserInfo.Length > 0)
        {
            return "wants a URL such as https://capyd.example.com";
        }

        take(url.GetLeftPart(UriPartial.Path).TrimEnd('/'));
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

    /// <summary>A list of waits in seconds.</summary>
    public static string? Delays(string value, Action<IReadOnlyList<TimeSpan>> take)
    {
        const int Most = 20;
        const int Longest = 7 * 24 * 3600;
        var delays = new List<TimeSpan>();
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > Longest)
            {
                return $"wants whole seconds up to {Longest}, and '{part}' is none";
            }

            delays.Add(TimeSpan.FromSeconds(seconds));
        }

        if (delays.Count is 0 or > Most)
        {
            return $"wants 1 to {Most} waits in seconds, as in 0, 10, 60";
        }

        take(delays);
        return null;
    }

    public static string? WebUrl(string value, Action<Uri> take)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
        {
            return "wants a URL such as https://example.com/.well-known/jwks.json";
        }

        take(url);
        return null;
    }

    public static string? List(string value, Action<IReadOnlyList<string>> take)
    {
        take(value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return null;
    }

    /// <summary>Scheme, host and port of a server.</summary>
    public static string? Authority(string value, Action<Uri> take)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url is not { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" })
        {
            return "wants scheme, host and perhaps port, as in https://s3.eu-central-1.amazonaws.com";
        }

        take(url);
        return null;
    }

    /// <summary>A bucket, or a prefix within one.</summary>
    public static string? ObjectPath(string value, Action<string> take)
    {
        if (!Storage.Repository.ObjectName.TryParse(value, out _))
        {
            return "wants letters, digits, '.', '_' and '-', in a prefix also '/' between them";
        }

        take(value);
        return null;
    }

    /// <summary>A list of <c>name=value</c>.</summary>
    public static string? Pairs(string value, Action<IReadOnlyDictionary<string, string>> take)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } meaning] || !pairs.TryAdd(name, meaning))
            {
                return $"wants pairs such as org_2abc=local, each name once, and '{part}' is none";
            }
        }

        take(pairs);
        return null;
    }

    /// <summary>Five fields, or <c>off</c>, which is taken as empty.</summary>
    public static string? Cron(string value, Action<string> take)
    {
        if (value != "off" && NCrontab.CrontabSchedule.TryParse(value) is null)
        {
            return "wants minute, hour, day, month and weekday, as in 30 2 * * * for half past two each night, or off";
        }

        take(value == "off" ? "" : value);
        return null;
    }

    [GeneratedRegex("^([0-9]{1,15})(KiB|MiB|GiB|TiB)?$")]
    private static partial Regex ByteCount();

    [GeneratedRegex("^(0|[1-9][0-9]{0,8}(ms|s|min|h|d))$")]
    private static partial Regex Interval();

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,62}$")]
    private static partial Regex ExtensionName();
}
