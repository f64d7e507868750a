using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Capyd.Auth.Clerk;

/// <summary>The RSA keys of a JWKS that may sign. Two keys under one name are none: nobody could say which is meant.</summary>
internal sealed class JwkSet
{
    private const int LeastModulusBytes = 256;
    private const int MostModulusBytes = 1024;
    private readonly Dictionary<string, RSAParameters> _keys = new(StringComparer.Ordinal);

    public int Count => _keys.Count;

    public RSAParameters? Find(string keyId) => _keys.TryGetValue(keyId, out var key) ? key : null;

    /// <exception cref="InvalidDataException">It is no JWKS.</exception>
    public static JwkSet Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            var set = new JwkSet();
            var ids = new HashSet<string>(StringComparer.Ordinal);
            foreach (var key in document.RootElement.GetProperty("keys").EnumerateArray())
            {
                set.Add(key, ids);
            }

            return set;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("this is not a JSON Web Key Set", e);
        }
    }

    private void Add(JsonElement key, HashSet<string> ids)
    {
        if (key.Text("kid") is not { Length: > 0 } id)
        {
            return;
        }

        if (!ids.Add(id))
        {
            _keys.Remove(id);
        }
        else if (Usable(key) is { } parameters)
        {
            _keys.Add(id, parameters);
        }
    }

    private static RSAParameters? Usable(JsonElement key)
    {
        if (key.Text("kty") != "RSA" || (key.Text("use") ?? "sig") != "sig" || (key.Text("alg") ?? "RS256") != "RS256")
        {
            return null;
        }

        var (modulus, exponent) = (Number(key.Text("n")), Number(key.Text("e")));
        return modulus.Length is >= LeastModulusBytes and <= MostModulusBytes && exponent.Length is > 0 and <= 4 && exponent is not [1] && (exponent[^1] & 1) == 1
            ? new RSAParameters { Modulus = modulus, Exponent = exponent }
            : null;
    }

    private static byte[] Number(string? base64Url) => base64Url is null ? [] : Base64Url.DecodeFromChars(base64Url).AsSpan().TrimStart((byte)0).ToArray();
}
