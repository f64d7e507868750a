using Capyd.Postgres.Streams;

namespace Capyd.Postgres.Dumps;

/// <summary>
/// An archive as pg_dump writes it, with the rows of a table in chunks of many. <c>pg_dump --compress=0</c> gives each row a chunk with a
/// length of its own: those lengths do not compress, and pg_restore and the server pay for each chunk. The format leaves the size of
/// chunks open. What is not known here passes as it is.
/// </summary>
/// <remarks>No read goes beyond the end of a table's data, so that a receiver can part the archive there.</remarks>
public sealed class DumpedArchive : ForwardStream
{
    private const int InputSize = 64 * 1024;

    private readonly Stream _dump;
    private readonly byte[] _input = new byte[InputSize];
    private ReadOnlyMemory<byte> _unread;
    private ReadOnlyMemory<byte> _ready;
    private BlockReader? _reader;
    private RowChunks? _chunks;
    private DataBlocks? _blocks;
    private bool _begun;
    private bool _ended;

    internal DumpedArchive(Stream dump) => _dump = dump;

    /// <summary>Whether the last byte that was read ended a table's data, or the large objects.</summary>
    public bool TableEnded { get; private set; }

    /// <summary>The blocks that were read since the last call; null when that is not known.</summary>
    public IReadOnlyList<ArchiveBlock>? TakeBlocks() => _reader is null or { IsLost: true } ? null : _blocks?.Take();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_ready.IsEmpty && !buffer.IsEmpty)
        {
            if (!_begun)
            {
                await BeginAsync(cancellationToken);
            }
            else if (!_unread.IsEmpty || await FillAsync(cancellationToken))
            {
                _ready = Join();
            }
            else
            {
                return 0;
            }
        }

        var taken = Math.Min(buffer.Length, _ready.Length);
        _ready[..taken].CopyTo(buffer);
        _ready = _ready[taken..];
        TableEnded = _ready.IsEmpty && _ended;
        return taken;
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        _unread = _input.AsMemory(0, await _dump.ReadAsync(_input, cancellationToken));
        return !_unread.IsEmpty;
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        _begun = true;
        var head = await ArchiveHead.ReadAsync(_dump, cancellationToken);
        _unread = head.Rest;
        if (head.Toc is { } toc)
        {
            (_reader, _chunks) = (new BlockReader(toc.IntegerSize), new RowChunks(toc.IntegerSize));
            _ready = head.Buffer.AsMemory(0, toc.Length);
            _blocks = new DataBlocks(toc.IntegerSize, toc.Length);
        }
    }

    /// <summary>Takes what was not read yet, up to the end of a table's data.</summary>
    private ReadOnlyMemory<byte> Join()
    {
        var rest = _unread.Span;
        if (_reader is null || _chunks is null || _reader.IsLost)
        {
            var all = _unread;
            _unread = default;
            return all;
        }

        _ended = false;
        while (!_ended && _reader.Next(ref rest, out var row) is var piece && piece is not (BlockPiece.More or BlockPiece.Unknown))
        {
            Put(piece, row, _chunks);
            _ended = _reader.IsBetween;
        }

        _unread = _unread[^rest.Length..];
        var joined = _chunks.Take();
        _blocks?.Follow(joined.Span);
        return joined;
    }

    private void Put(BlockPiece piece, ReadOnlySpan<byte> row, RowChunks chunks)
    {
        switch (piece)
        {
            case BlockPiece.Block:
                chunks.Put([_reader!.Type]);
                chunks.Put(_reader.Number);
                break;
            case BlockPiece.Length:
                chunks.Begin(_reader!.Number);
                break;
            case BlockPiece.Bytes:
                chunks.Put(row);
                break;
            default:
                chunks.Close();
                chunks.Put(_reader!.Number);
                break;
        }
    }
}
