using System.Globalization;

namespace Capyd.Imports;

/// <summary>
/// Where an import comes from, taken apart by capyd's own strict reading of a PostgreSQL URL. Tools get the parts and never the
/// text, so no two readings of it can differ. Shown as text it is host and port only.
/// </summary>
/// <param name="Host">A name in ASCII, or an address without brackets.</param>
/// <param name="SslMode">What the URL says; <c>require</c> where it says nothing (contract D.7).</param>
internal sealed record SourceUrl(string Host, int Port, string Database, string User, string? Password, string SslMode, string? ChannelBinding)
{
    public const int DefaultPort = 5432;
    private const int LongestUrl = 4096;
    private const int LongestPart = 1024;
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];
    private const string Form = "write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE";

    /// <exception cref="CapydException">The URL is refused; the text says why and quotes nothing that may be secret.</exception>
    public static SourceUrl Parse(string? text)
    {
        var (authority, path, query) = Split(AfterScheme(text));
        var at = authority.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || authority[0] == ':')
        {
            throw Refused("names no user", Form);
        }

        var place = authority[(at + 1)..];
        RefuseUnescaped(place, path);
        var (user, password) = Credentials(authority[..at]);
        var (host, port) = HostAndPort(place);
        var parameters = SourceParameters.Parse(query);
        RefusePooler(host, port);
        var database = Decode(path, "database");
        return new SourceUrl(host, port, database.Length == 0 ? user : database, user, password, parameters.SslMode, parameters.ChannelBinding);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    internal static CapydException Refused(string why, string? hint = null) => CapydException.Invalid($"source_url {why}", hint);

    private static string AfterScheme(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Length is 0 or > LongestUrl || trimmed.Any(char.IsControl) || trimmed.Any(char.IsSurrogate))
        {
            throw Refused($"wants 1 to {LongestUrl} characters without control characters", Form);
        }

        var scheme = Array.Find(Schemes, scheme => trimmed.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
        return scheme is null ? throw Refused("is no PostgreSQL URL", Form) : trimmed[scheme.Length..];
    }

    private static (string Authority, string Path, string Query) Split(string rest)
    {
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var (before, query) = question < 0 ? (rest, "") : (rest[..question], rest[(question + 1)..]);
        var slash = before.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (before, "", query) : (before[..slash], before[(slash + 1)..], query);
    }

    /// <summary>What of a password was not escaped would end up in host, database or query, and must not be quoted there.</summary>
    private static void RefuseUnescaped(string place, string path)
    {
        if (place.Contains('@', StringComparison.Ordinal) || path.Contains('@', StringComparison.Ordinal) || path.Contains('/', StringComparison.Ordinal))
        {
            throw Refused("has an @ or / too many", "percent-encode these in user and password: @ is %40, / is %2F, ? is %3F, : is %3A");
        }
    }

    private static (string User, string? Password) Credentials(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return (Decode(colon < 0 ? text : text[..colon], "user"), colon < 0 ? null : Decode(text[(colon + 1)..], "password"));
    }

    private static string Decode(string text, string part) => PercentText.Decode(text) is { Length: <= LongestPart } decoded
        ? decoded
        : throw Refused($"has a {part} that cannot be read: it is too long, or an escape in it is none", "a % itself is written %25");

    private static (string Host, int Port) HostAndPort(string place)
    {
        if (place.Contains(',', StringComparison.Ordinal))
        {
            throw Refused("names more than one host", "name the one server to read from");
        }

        var bracket = place.IndexOf(']', StringComparison.Ordinal);
        var colon = place.IndexOf(':', bracket + 1);
        var host = SourceHost.Parse(colon < 0 ? place : place[..colon]);
        return (host, colon < 0 || colon == place.Length - 1 ? DefaultPort : ParsePort(place[(colon + 1)..]));
    }

    private static int ParsePort(string text) =>
        text.Length <= 5 && text[0] != '0' && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw Refused("has a port that is no number from 1 to 65535");

    private static void RefusePooler(string host, int port)
    {
        var first = host.Split('.')[0];
        if (first.Contains("-pooler", StringComparison.Ordinal) && host.EndsWith(".neon.tech", StringComparison.Ordinal))
        {
            var direct = first.Replace("-pooler", "", StringComparison.Ordinal) + host[first.Length..];
            throw Refused("leads to Neon's pooler, through which no dump can be taken", $"use the direct host, {direct}");
        }

        if (port == 6543 && (host.EndsWith(".supabase.co", StringComparison.Ordinal) || host.EndsWith(".supabase.com", StringComparison.Ordinal)))
        {
            throw Refused("leads to Supabase's transaction pooler, through which no dump can be taken", "use the direct connection, on port 5432");
        }
    }
}
