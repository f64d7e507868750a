using System.Buffers;
using System.Security.Cryptography;

namespace Capyd.Storage.Repository.S3;

/// <summary>The bytes of one request in pieces of 64 KiB, which are too small for the heap of large objects and are used again.</summary>
internal sealed class S3Body : IDisposable
{
    private const int PieceSize = 64 * 1024;

    private readonly List<byte[]> _pieces = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Length { get; private set; }

    /// <summary>64 lower-case hex digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public static S3Body Of(ReadOnlySpan<byte> bytes)
    {
        var body = new S3Body();
        body.Append(bytes);
        return body;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        while (bytes.Length > 0)
        {
            var (piece, offset) = Math.DivRem(Length, PieceSize);
            if (piece == _pieces.Count)
            {
                _pieces.Add(ArrayPool<byte>.Shared.Rent(PieceSize));
            }

            var taken = (int)Math.Min(bytes.Length, PieceSize - offset);
            bytes[..taken].CopyTo(_pieces[(int)piece].AsSpan((int)offset));
            bytes = bytes[taken..];
            Length += taken;
        }
    }

    public IEnumerable<ReadOnlyMemory<byte>> Pieces()
    {
        for (long at = 0; at < Length; at += PieceSize)
        {
            yield return _pieces[(int)(at / PieceSize)].AsMemory(0, (int)Math.Min(PieceSize, Length - at));
        }
    }

    /// <summary>Empty again, with the memory kept.</summary>
    public void Clear()
    {
        Length = 0;
        _hash.GetHashAndReset();
    }

    public void Dispose()
    {
        foreach (var piece in _pieces)
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        _pieces.Clear();
        Length = 0;
        _hash.Dispose();
    }
}
