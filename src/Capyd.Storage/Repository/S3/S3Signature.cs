using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Capyd.Storage.Repository.S3;

/// <summary>Signature Version 4 in the Authorization header, as AWS describes it for S3.</summary>
internal static class S3Signature
{
    /// <summary>The digest of no bytes.</summary>
    public const string OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>The value of <c>x-amz-date</c>.</summary>
    public static string Moment(DateTimeOffset now) => now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The value of Authorization.</summary>
    /// <param name="settings">Region and credentials.</param>
    /// <param name="method">GET, PUT and so on.</param>
    /// <param name="uri">With path and query exactly as they go over the wire, the query in order of its names.</param>
    /// <param name="headers">What is signed: names in lower case and in order, <c>x-amz-date</c> and <c>x-amz-content-sha256</c> among them.</param>
    public static string Authorization(
        S3Settings settings, string method, Uri uri, IReadOnlyList<(string Name, string Value)> headers)
    {
        var moment = ValueOf(headers, "x-amz-date");
        var scope = $"{moment[..8]}/{settings.Region}/s3/aws4_request";
        var names = string.Join(';', headers.Select(header => header.Name));
        var canonical = string.Join('\n',
        [
            method,
            uri.AbsolutePath,
            uri.Query.TrimStart('?'),
            .. headers.Select(header => $"{header.Name}:{header.Value.Trim()}"),
            "",
            names,
            ValueOf(headers, "x-amz-content-sha256"),
        ]);
        var toSign = $"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signature = Convert.ToHexStringLower(Mac(SigningKey(settings, moment[..8]), toSign));
        return $"AWS4-HMAC-SHA256 Credential={settings.Credentials.AccessKey}/{scope},SignedHeaders={names},Signature={signature}";
    }

    private static byte[] SigningKey(S3Settings settings, string day)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + settings.Credentials.SecretKey);
        foreach (var step in (ReadOnlySpan<string>)[day, settings.Region, "s3", "aws4_request"])
        {
            key = Mac(key, step);
        }

        return key;
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string ValueOf(IReadOnlyList<(string Name, string Value)> headers, string name)
    {
        foreach (var header in headers)
        {
            if (header.Name == name)
            {
                return header.Value;
            }
        }

        throw new ArgumentException($"The header {name} is not among those to be signed.");
    }
}
