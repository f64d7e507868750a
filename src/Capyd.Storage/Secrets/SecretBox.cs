using System.Security.Cryptography;
using System.Text;
using Capyd.Storage.Repository;

namespace Capyd.Storage.Secrets;

/// <summary>Seals secrets at rest with AES-256-GCM under the key of this installation.</summary>
public sealed class SecretBox
{
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int HeaderSize = 1 + NonceSize + TagSize;
    private const byte Version = 1;

    private readonly byte[] _key;

    private SecretBox(byte[] key) => _key = key;

    /// <summary>Reads the key file, and creates it (0600, 32 random bytes) when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is no such key.</exception>
    public static SecretBox Open(string keyFile)
    {
        if (!File.Exists(keyFile))
        {
            // False means that another process was faster; its key counts.
            _ = DurableFile.TryCreate(
                keyFile, RandomNumberGenerator.GetBytes(KeySize), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var key = File.ReadAllBytes(keyFile);
        return key.Length == KeySize
            ? new SecretBox(key)
            : throw new InvalidDataException(
                $"The key file {keyFile} holds {key.Length} bytes instead of {KeySize}. Put back the right file from "
                + "your copy; with a new key the stored passwords could not be read any more.");
    }

    /// <param name="context">What the secret belongs to, such as <c>project:prj_…</c>; the same is needed to unseal.</param>
    public byte[] Seal(string plaintext, string context)
    {
        var plain = Encoding.UTF8.GetBytes(plaintext);
        var box = new byte[HeaderSize + plain.Length];
        box[0] = Version;
        RandomNumberGenerator.Fill(NonceOf(box));
        using var cipher = new AesGcm(_key, TagSize);
        cipher.Encrypt(NonceOf(box), plain, ContentOf(box), TagOf(box), Associated(context));
        CryptographicOperations.ZeroMemory(plain);
        return box;
    }

    /// <exception cref="SecretUnreadableException">It was changed, sealed for another context, or with another key.</exception>
    public string Unseal(byte[] sealedBytes, string context)
    {
        if (sealedBytes.Length < HeaderSize || sealedBytes[0] != Version)
        {
            throw new SecretUnreadableException(context, "it is not in a form that this capyd knows");
        }

        var box = sealedBytes.AsSpan();
        var plain = new byte[box.Length - HeaderSize];
        using var cipher = new AesGcm(_key, TagSize);
        try
        {
            cipher.Decrypt(NonceOf(box), ContentOf(box), TagOf(box), plain, Associated(context));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException error)
        {
            throw new SecretUnreadableException(context, "it was changed, moved, or sealed with another key", error);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>A key of 32 bytes for another use than sealing; the same for the same purpose, and unrelated to any other.</summary>
    /// <param name="purpose">Such as <c>signed-url:export</c>.</param>
    public byte[] DeriveKey(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, KeySize, info: Encoding.UTF8.GetBytes($"capyd:{purpose}"));

    private static Span<byte> NonceOf(Span<byte> box) => box.Slice(1, NonceSize);

    private static Span<byte> TagOf(Span<byte> box) => box.Slice(1 + NonceSize, TagSize);

    private static Span<byte> ContentOf(Span<byte> box) => box[HeaderSize..];

    private static byte[] Associated(string context) => [Version, .. Encoding.UTF8.GetBytes(context)];
}
