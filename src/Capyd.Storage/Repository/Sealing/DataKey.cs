using System.Security.Cryptography;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>A key that objects are sealed under: 32 random bytes, kept in the repository wrapped by the master key.</summary>
internal sealed class DataKey(DataKeyId id, DateTimeOffset createdAt, byte[] secret)
{
    public const int SecretBytes = 32;

    public DataKeyId Id => id;

    public DateTimeOffset CreatedAt => createdAt;

    public static DataKey New(DateTimeOffset at) => new(DataKeyId.New(), at, RandomNumberGenerator.GetBytes(SecretBytes));

    public ReadOnlySpan<byte> Secret => secret;

    public bool IsSameAs(DataKey other) => other.Id == id && CryptographicOperations.FixedTimeEquals(secret, other.Secret);

    /// <summary>For one object; derived from its salt, so that frames of different objects never share a key.</summary>
    public void DeriveFor(ReadOnlySpan<byte> salt, Span<byte> key) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt, "capyd object 1"u8);
}
