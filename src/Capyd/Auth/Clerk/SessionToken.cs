using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Capyd.Auth.Clerk;

/// <summary>A JWT that is well formed and says RS256. Nothing in it may be believed before its signature was checked.</summary>
internal sealed class SessionToken
{
    /// <summary>Characters; Clerk's own tokens stay far below.</summary>
    public const int Longest = 16 << 10;

    private const int LongestKeyId = 200;
    private readonly byte[] _signed;
    private readonly byte[] _signature;

    private SessionToken(string keyId, JsonElement claims, byte[] signed, byte[] signature)
    {
        KeyId = keyId;
        Claims = claims;
        _signed = signed;
        _signature = signature;
    }

    public string KeyId { get; }

    public JsonElement Claims { get; }

    /// <summary>Null, with what is wrong, when it is no token of this kind.</summary>
    public static SessionToken? Parse(string text, out string? problem)
    {
        problem = null;
        var parts = text.Length <= Longest ? text.Split('.') : [];
        if (parts is not [var head, var body, var tail] || Decode(head) is not { } headBytes || Decode(body) is not { } bodyBytes || Decode(tail) is not { } signature)
        {
            problem = text.Length > Longest ? $"it is longer than {Longest} characters" : "it is not a JWT";
            return null;
        }

        if (StrictJson.Parse(headBytes) is not { } header || StrictJson.Parse(bodyBytes) is not { } claims)
        {
            problem = "its header or its claims are not a plain JSON object";
            return null;
        }

        problem = HeaderProblem(header);
        return problem is null ? new SessionToken(header.Text("kid")!, claims, Encoding.ASCII.GetBytes($"{head}.{body}"), signature) : null;
    }

    public bool IsSignedBy(RSAParameters key)
    {
        try
        {
            using var rsa = RSA.Create(key);
            return rsa.VerifyData(_signed, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            // The published numbers are no RSA key, so it has signed nothing.
            return false;
        }
    }

    /// <summary>The algorithm is ours to choose, not the token's: whatever else it names is refused.</summary>
    private static string? HeaderProblem(JsonElement header) =>
        header.Text("alg") != "RS256" ? "it is not signed with RS256"
        : header.TryGetProperty("crit", out _) ? "it has critical header fields that are not known here"
        : header.Text("kid") is not { Length: > 0 and <= LongestKeyId } ? "it does not name its key"
        : null;

    private static byte[]? Decode(string part)
    {
        try
        {
            return part.Length > 0 && !part.AsSpan().ContainsAny(" \t\r\n=") ? Base64Url.DecodeFromChars(part) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
