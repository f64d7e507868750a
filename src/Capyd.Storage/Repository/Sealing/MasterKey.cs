using System.Security.Cryptography;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>Wraps and unwraps data keys with AES-256-GCM. A passphrase becomes a key by PBKDF2-HMAC-SHA256.</summary>
internal sealed class MasterKey(MasterKeyFile file, byte[] secret) : IDisposable
{
    /// <summary>What a new wrap costs; about 0.2 s.</summary>
    public const int Iterations = 600_000;

    private const int MostIterations = 20_000_000;

    // Deriving is slow on purpose: all wraps with one passphrase share a salt.
    private readonly Dictionary<(string Salt, int Iterations), byte[]> _derived = [];
    private byte[]? _salt;

    public MasterKeyFile File => file;

    public bool Fits(WrappedKey wrap) => (wrap.Kdf == WrappedKey.Passphrase) == file.IsPassphrase;

    public WrappedKey Wrap(DataKey key, int generation)
    {
        var wrap = new WrappedKey(
            WrappedKey.CurrentFormat, key.Id.ToString(), key.CreatedAt, generation, file.IsPassphrase ? WrappedKey.Passphrase : WrappedKey.KeyFile,
            RandomNumberGenerator.GetBytes(SealFormat.NonceBytes), new byte[DataKey.SecretBytes + SealFormat.TagBytes])
        {
            Salt = file.IsPassphrase ? _salt ??= RandomNumberGenerator.GetBytes(SealFormat.SaltBytes) : null,
            Iterations = file.IsPassphrase ? Iterations : null,
        };
        using var cipher = new AesGcm(KeyFor(wrap), SealFormat.TagBytes);
        cipher.Encrypt(wrap.Nonce, key.Secret, wrap.Wrapped.AsSpan(0, DataKey.SecretBytes), wrap.Wrapped.AsSpan(DataKey.SecretBytes), wrap.Bound());
        return wrap;
    }

    /// <summary>Null when this is not the key that it was wrapped with, or it was altered.</summary>
    public DataKey? Unwrap(WrappedKey wrap, DataKeyId id)
    {
        if (!Fits(wrap) || !IsSane(wrap))
        {
            return null;
        }

        using var cipher = new AesGcm(KeyFor(wrap), SealFormat.TagBytes);
        var plain = new byte[DataKey.SecretBytes];
        try
        {
            cipher.Decrypt(wrap.Nonce, wrap.Wrapped.AsSpan(0, DataKey.SecretBytes), wrap.Wrapped.AsSpan(DataKey.SecretBytes), plain, wrap.Bound());
            _salt ??= wrap.Iterations == Iterations ? wrap.Salt : null;
            return new DataKey(id, wrap.CreatedAt, plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(secret);
        foreach (var derived in _derived.Values)
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    // Whoever can write into the repository must neither weaken a wrap nor keep capyd busy for hours.
    private static bool IsSane(WrappedKey wrap) =>
        wrap.Nonce.Length == SealFormat.NonceBytes && wrap.Wrapped.Length == DataKey.SecretBytes + SealFormat.TagBytes
        && (wrap.Kdf != WrappedKey.Passphrase || wrap is { Salt.Length: >= SealFormat.SaltBytes, Iterations: >= Iterations and <= MostIterations });

    private byte[] KeyFor(WrappedKey wrap)
    {
        if (!file.IsPassphrase)
        {
            return secret;
        }

        var of = (Convert.ToHexString(wrap.Salt!), wrap.Iterations!.Value);
        if (!_derived.TryGetValue(of, out var derived))
        {
            derived = Rfc2898DeriveBytes.Pbkdf2(secret, wrap.Salt!, of.Value, HashAlgorithmName.SHA256, DataKey.SecretBytes);
            _derived[of] = derived;
        }

        return derived;
    }
}
