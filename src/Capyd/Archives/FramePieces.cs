using System.Buffers;
using System.Security.Cryptography;
using Capyd.Storage.Repository;

namespace Capyd.Archives;

/// <summary>Reads a stored frame once, piece by piece, and hashes it. When one reader stops, the next goes on.</summary>
internal sealed class FramePieces(IObjectStore objects, StoredFrame stored) : IDisposable
{
    private const int PieceSize = 1 << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _at = stored.Frame.StoredAt;

    /// <summary>Of what was read, in lower-case hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Hands on what was not read yet.</summary>
    /// <exception cref="InvalidDataException">The archive ends before the frame does.</exception>
    public async Task ReadAsync(Func<ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancellation)
    {
        using var owner = MemoryPool<byte>.Shared.Rent(PieceSize);
        while (_at < stored.Ends)
        {
            var piece = owner.Memory[..(int)Math.Min(PieceSize, stored.Ends - _at)];
            await FillAsync(piece, cancellation);
            _hash.AppendData(piece.Span);
            _at += piece.Length;
            await take(piece);
        }
    }

    private async Task FillAsync(Memory<byte> piece, CancellationToken cancellation)
    {
        try
        {
            await objects.ReadAtAsync(stored.Archive, _at, piece, cancellation);
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException($"{stored.Archive} is not what was written: it ends before byte {_at + piece.Length}, and its frame ends at byte {stored.Ends}");
        }
    }

    public void Dispose() => _hash.Dispose();
}
