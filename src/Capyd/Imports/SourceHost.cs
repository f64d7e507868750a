using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Capyd.Imports;

/// <summary>The host of a source, in the one spelling that everything behind it sees.</summary>
internal static partial class SourceHost
{
    private const int LongestName = 253;
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = false };

    /// <summary>Names in ASCII and lower case without a dot at the end; addresses as they are usually written, without brackets.</summary>
    /// <exception cref="CapydException">No host, a socket, or a spelling that means one thing here and another there.</exception>
    public static string Parse(string text)
    {
        if (text.Length == 0 || text.Contains('%', StringComparison.Ordinal) || text[0] is '/' or '@')
        {
            throw NotAllowed("source_url has to name a host of the network", "sockets and files of this machine cannot be imported from");
        }

        var host = text[0] == '[' ? Version6(text) : NameOrVersion4(text);
        return host is "0.0.0.0" or "::" ? throw NotAllowed("the unspecified address is nobody's") : host;
    }

    private static string Version6(string text) =>
        text[^1] == ']' && IPAddress.TryParse(text.AsSpan(1, text.Length - 2), out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? address.ToString()
            : throw NotAllowed("what stands in brackets is no IPv6 address");

    private static string NameOrVersion4(string text)
    {
        var name = Ascii(text.EndsWith('.') ? text[..^1] : text).ToLowerInvariant();
        if (name.Length > LongestName || !Name().IsMatch(name))
        {
            throw NotAllowed("the name of the host has characters or lengths that no name has");
        }

        // Decimal, octal and hexadecimal spellings mean different addresses to different programs.
        return !EndsInNumber().IsMatch(name) || (IPAddress.TryParse(name, out var address) && address.ToString() == name)
            ? name
            : throw NotAllowed("the host looks like a number", "write an IPv4 address as four decimal numbers");
    }

    private static string Ascii(string text)
    {
        try
        {
            return Idn.GetAscii(text);
        }
        catch (ArgumentException)
        {
            throw NotAllowed("the name of the host is no valid international name");
        }
    }

    private static CapydException NotAllowed(string why, string? hint = null) => CapydException.Invalid($"host is not allowed: {why}", hint);

    [GeneratedRegex(@"^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"(^|\.)([0-9]+|0x[0-9a-f]*)\z")]
    private static partial Regex EndsInNumber();
}
