using System.Security.Cryptography;
using System.Text;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>Seals and opens the frames of one object. For one thread at a time.</summary>
internal sealed class ObjectSeal : IDisposable
{
    private readonly AesGcm _cipher;
    private readonly byte[] _bound;

    /// <param name="header">Of the object; it is bound to every frame, and so is the name.</param>
    public ObjectSeal(DataKey key, ReadOnlySpan<byte> header, ObjectName name)
    {
        Span<byte> derived = stackalloc byte[DataKey.SecretBytes];
        key.DeriveFor(SealFormat.SaltOf(header), derived);
        _cipher = new AesGcm(derived, SealFormat.TagBytes);
        CryptographicOperations.ZeroMemory(derived);
        _bound = [.. header, .. Encoding.UTF8.GetBytes(name.ToString())];
    }

    public ReadOnlySpan<byte> Header => _bound.AsSpan(0, SealFormat.HeaderBytes);

    /// <summary>For an object that is about to be written.</summary>
    public static ObjectSeal New(DataKey key, ObjectName name)
    {
        Span<byte> header = stackalloc byte[SealFormat.HeaderBytes];
        Span<byte> salt = stackalloc byte[SealFormat.SaltBytes];
        RandomNumberGenerator.Fill(salt);
        SealFormat.WriteHeader(header, key.Id, salt);
        return new ObjectSeal(key, header, name);
    }

    /// <returns>The bytes that were written to <paramref name="target"/>.</returns>
    public int Seal(long frame, bool last, ReadOnlySpan<byte> plain, Span<byte> target)
    {
        Span<byte> nonce = stackalloc byte[SealFormat.NonceBytes];
        SealFormat.WriteNonce(nonce, frame, last);
        _cipher.Encrypt(nonce, plain, target[..plain.Length], target.Slice(plain.Length, SealFormat.TagBytes), _bound);
        return plain.Length + SealFormat.TagBytes;
    }

    /// <param name="plain">As long as the frame without its tag.</param>
    /// <exception cref="InvalidDataException">The frame is not the one that was sealed there.</exception>
    public void Open(long frame, bool last, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[SealFormat.NonceBytes];
        SealFormat.WriteNonce(nonce, frame, last);
        try
        {
            _cipher.Decrypt(nonce, stored[..^SealFormat.TagBytes], stored[^SealFormat.TagBytes..], plain, _bound);
        }
        catch (AuthenticationTagMismatchException e)
        {
            var name = Encoding.UTF8.GetString(_bound.AsSpan(SealFormat.HeaderBytes));
            throw new InvalidDataException($"{name} is not what was sealed: its bytes from {frame * SealFormat.FrameBytes} on were altered, moved or cut off", e);
        }
    }

    public void Dispose() => _cipher.Dispose();
}
