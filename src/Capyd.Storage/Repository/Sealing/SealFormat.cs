using System.Buffers.Binary;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>
/// A sealed object: a header (magic, version, size of frames, id of the data key, salt), then frames. Each frame holds
/// 64 KiB of the plain bytes, the last one the rest, and ends with a tag of AES-256-GCM. docs/repository-format.md has every byte.
/// </summary>
internal static class SealFormat
{
    public const int HeaderBytes = 40;
    public const int FrameBytes = 1 << FrameBits;
    public const int TagBytes = 16;
    public const int SealedFrameBytes = FrameBytes + TagBytes;
    public const int NonceBytes = 12;
    public const int SaltBytes = 16;

    private const int FrameBits = 16;
    private const byte Version = 1;
    private const int KeyIdAt = 16;
    private const int SaltAt = KeyIdAt + DataKeyId.Size;

    public static ReadOnlySpan<byte> Magic => "CAPYSEAL"u8;

    /// <summary>What an object of that many plain bytes takes.</summary>
    public static long SealedSize(long plain) => HeaderBytes + plain + (TagBytes * FramesOf(plain));

    /// <summary>The number of frames of that many plain bytes; at least one, which may be empty.</summary>
    public static long FramesOf(long plain) => Math.Max(1, (plain + FrameBytes - 1) / FrameBytes);

    /// <summary>Null when no sealed object has that size.</summary>
    public static long? PlainSize(long sealedSize)
    {
        var body = sealedSize - HeaderBytes;
        var frames = (body + SealedFrameBytes - 1) / SealedFrameBytes;
        var plain = body - (frames * TagBytes);
        return body >= TagBytes && SealedSize(plain) == sealedSize ? plain : null;
    }

    public static void WriteHeader(Span<byte> target, DataKeyId key, ReadOnlySpan<byte> salt)
    {
        target[..HeaderBytes].Clear();
        Magic.CopyTo(target);
        target[Magic.Length] = Version;
        target[Magic.Length + 1] = FrameBits;
        key.CopyTo(target[KeyIdAt..]);
        salt.CopyTo(target[SaltAt..]);
    }

    public static bool IsSealed(ReadOnlySpan<byte> header) => header.Length >= HeaderBytes && header.StartsWith(Magic);

    /// <summary>The data key that a header names.</summary>
    /// <exception cref="InvalidDataException">It was written by a later capyd.</exception>
    public static DataKeyId KeyOf(ReadOnlySpan<byte> header) => header[Magic.Length] == Version && header[Magic.Length + 1] == FrameBits
        ? new DataKeyId(header[KeyIdAt..])
        : throw new InvalidDataException($"it is sealed in version {header[Magic.Length]} with frames of 2^{header[Magic.Length + 1]} bytes; this capyd reads version {Version} with 2^{FrameBits}");

    public static ReadOnlySpan<byte> SaltOf(ReadOnlySpan<byte> header) => header.Slice(SaltAt, SaltBytes);

    /// <summary>The number of the frame, big-endian, three zero bytes, and 1 for the last frame, else 0.</summary>
    public static void WriteNonce(Span<byte> nonce, long frame, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce, frame);
        nonce[NonceBytes - 1] = last ? (byte)1 : (byte)0;
    }
}
