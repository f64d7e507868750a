using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Capyd.SystemTests.Auth;

/// <summary>Signs session tokens as a Clerk instance does, and as an attacker would.</summary>
public sealed class ClerkInstance : IDisposable
{
    public const string Issuer = "https://clerk.test.example";
    public const string Party = "https://app.test.example";
    private readonly RSA _key = RSA.Create(2048);

    public string KeyId { get; init; } = "ins_key_1";

    public string Jwks => Set(Key());

    /// <summary>The public key as a JWK, under another name if wanted.</summary>
    public JsonObject Key(string? keyId = null)
    {
        var parameters = _key.ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = keyId ?? KeyId,
            ["n"] = Base64Url.EncodeToString(parameters.Modulus), ["e"] = Base64Url.EncodeToString(parameters.Exponent),
        };
    }

    public static string Set(params JsonObject[] keys) => new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString();

    /// <summary>Version 2: the organization is in <c>o</c>.</summary>
    public static JsonObject Claims(string role = "admin", string organization = "org_2abc", string user = "user_1", string? slug = "acme")
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return new JsonObject
        {
            ["iss"] = Issuer, ["azp"] = Party, ["sub"] = user, ["sid"] = "sess_1", ["v"] = 2, ["iat"] = now, ["nbf"] = now - 5, ["exp"] = now + 60,
            ["o"] = new JsonObject { ["id"] = organization, ["rol"] = role, ["slg"] = slug },
        };
    }

    public string Sign(JsonObject claims, JsonObject? header = null)
    {
        header ??= new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = KeyId };
        return SignText(header.ToJsonString(), claims.ToJsonString());
    }

    public string SignText(string header, string claims)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>The classic: the public key, taken as the secret of an HMAC.</summary>
    public string SignByPublicKey(JsonObject claims)
    {
        var signed = $"{Encode(new JsonObject { ["alg"] = "HS256", ["kid"] = KeyId }.ToJsonString())}.{Encode(claims.ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.ASCII.GetBytes(_key.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public void Dispose() => _key.Dispose();
}
