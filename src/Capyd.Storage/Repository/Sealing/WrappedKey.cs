using System.Globalization;
using System.Text;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>A data key as it is kept in <c>keys/ID-GENERATION.json</c>. Byte arrays are base64 on disk.</summary>
/// <param name="Generation">Counts the wraps of one data key; a higher one was made later.</param>
/// <param name="Kdf">How the wrapping key comes about: <c>none</c> or <c>pbkdf2-sha256</c>.</param>
/// <param name="Wrapped">The data key, encrypted, and the tag.</param>
internal sealed record WrappedKey(int Format, string KeyId, DateTimeOffset CreatedAt, int Generation, string Kdf, byte[] Nonce, byte[] Wrapped)
{
    public const int CurrentFormat = 1;

    /// <summary>The master key itself, from a key file.</summary>
    public const string KeyFile = "none";

    public const string Passphrase = "pbkdf2-sha256";

    /// <summary>Of the passphrase; null with a key file.</summary>
    public byte[]? Salt { get; init; }

    public int? Iterations { get; init; }

    /// <summary>What is authenticated besides the key: so nobody makes an old data key the current one.</summary>
    public byte[] Bound() => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"capyd data key {Format} {KeyId} {CreatedAt.UtcTicks}"));
}
