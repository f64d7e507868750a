using System.Security.Cryptography;
using System.Text;

namespace Capyd.Auth;

/// <summary>The plaintext of an API key, <c>capy_live_</c> and 40 random characters. Only its SHA-256 is kept (contract A.3).</summary>
internal sealed record ApiKeyToken(string Plaintext)
{
    public const string Prefix = "capy_live_";
    private const int RandomLength = 40;
    private const int ShownLength = 14;

    /// <summary>The part that lists show.</summary>
    public string Shown => Plaintext[..ShownLength];

    public byte[] Hash => SHA256.HashData(Encoding.UTF8.GetBytes(Plaintext));

    public static ApiKeyToken New() =>
        new(Prefix + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", RandomLength));

    public static ApiKeyToken? Parse(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length is > ShownLength and < 200 ? new ApiKeyToken(text) : null;

    public override string ToString() => Plaintext.Length > ShownLength ? Shown + "…" : "…";
}
