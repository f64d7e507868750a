using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Capyd.Storage.Secrets;

namespace Capyd.Webhooks;

/// <summary>The signing secret of an endpoint, <c>whsec_…</c>: shown when it is made, sealed from then on.</summary>
internal sealed record WebhookSecret(string Plaintext)
{
    private const int RandomLength = 40;

    public static WebhookSecret New() => new("whsec_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", RandomLength));

    public byte[] Seal(SecretBox box, WebhookEndpointId endpoint) => box.Seal(Plaintext, endpoint.ToString());

    public static WebhookSecret Unseal(SecretBox box, byte[] sealedBytes, WebhookEndpointId endpoint) => new(box.Unseal(sealedBytes, endpoint.ToString()));

    /// <summary>The value of X-CapyDB-Signature: HMAC-SHA256 over the time, a dot and the raw body.</summary>
    public string Sign(DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(time), (byte)'.', .. body];
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Plaintext), signed))}";
    }

    public override string ToString() => "whsec_…";
}
