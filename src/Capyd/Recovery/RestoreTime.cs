using System.Globalization;
using System.Text.RegularExpressions;

namespace Capyd.Recovery;

/// <summary>A moment as RFC 3339 writes it, with its offset: a local time means another moment to everybody (trap 85).</summary>
internal static partial class RestoreTime
{
    /// <exception cref="CapydException">400: it is not written so.</exception>
    public static DateTimeOffset Parse(string field, string text)
    {
        var match = Shape().Match(text);
        return match.Success
            && DateTimeOffset.TryParse(
                $"{match.Groups["date"].Value}T{match.Groups["time"].Value}{Fraction(match.Groups["fraction"].Value)}{match.Groups["offset"].Value.ToUpperInvariant()}",
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToUniversalTime()
            : throw CapydException.Invalid($"{field}: wants a moment with its offset, such as 2026-11-21T10:30:00Z or 2026-11-21T11:30:00.25+01:00");
    }

    /// <summary>PostgreSQL's clock ticks in microseconds.</summary>
    private static string Fraction(string digits) => digits.Length > 7 ? digits[..7] : digits;

    [GeneratedRegex(@"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?<fraction>\.[0-9]{1,9})?(?<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Shape();
}
