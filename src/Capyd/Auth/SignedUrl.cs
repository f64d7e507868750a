using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Capyd.Storage.Secrets;

namespace Capyd.Auth;

/// <summary>
/// Paths that carry their own right: <c>/path?expires=UNIXSECONDS&amp;signature=…</c>, HMAC-SHA256 with a key derived from this
/// installation's secret. Whoever has one needs no credential until it expires.
/// </summary>
internal sealed class SignedUrl(SecretBox secrets, CapydOptions options, TimeProvider clock)
{
    private const int LongestSignature = 64;

    /// <summary>The whole URL on this server's own origin.</summary>
    /// <param name="purpose">What it is good for, such as <c>export</c>; one purpose's signature is worth nothing to another.</param>
    /// <param name="path">Without query, such as <c>/v1/exports/exp_…/content</c>.</param>
    public string Make(HttpRequest request, string purpose, string path, DateTimeOffset expiresAt)
    {
        var expires = expiresAt.ToUnixTimeSeconds();
        var signature = Base64Url.EncodeToString(Sign(purpose, path, expires));
        return string.Create(CultureInfo.InvariantCulture, $"{Origin(request)}{path}?expires={expires}&signature={signature}");
    }

    /// <exception cref="CapydException">403: the signature is not of this path, or its time is over.</exception>
    public void Require(string purpose, string path, string? expires, string? signature)
    {
        if (!long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var instant)
            || !CryptographicOperations.FixedTimeEquals(Sign(purpose, path, instant), Decode(signature)))
        {
            throw new CapydException(ErrorCode.Forbidden, "the signature of this URL is missing or wrong", "ask for a new URL, and use it unchanged");
        }

        if (clock.GetUtcNow().ToUnixTimeSeconds() >= instant)
        {
            throw new CapydException(ErrorCode.Forbidden, "this URL has expired", "ask for a new one");
        }
    }

    private byte[] Sign(string purpose, string path, long expires) => HMACSHA256.HashData(
        secrets.DeriveKey($"signed-url:{purpose}"), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{expires}\n{path}")));

    private static byte[] Decode(string? signature)
    {
        var text = signature ?? "";
        return text.Length <= LongestSignature && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
    }

    /// <summary>What the operator says; else the address by which this very caller, and nobody else, reached us.</summary>
    private string Origin(HttpRequest request) =>
        options.PublicUrl ?? (request.Host.HasValue ? $"{request.Scheme}://{request.Host.ToUriComponent()}" : options.Listen);
}
