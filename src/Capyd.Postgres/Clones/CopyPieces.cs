namespace Capyd.Postgres.Clones;

/// <summary>Gathers rows into pieces, and fills the next one while the last is handed on.</summary>
internal sealed class CopyPieces(Func<ReadOnlyMemory<byte>, Task> take)
{
    private const int PieceBytes = 256 << 10;

    private readonly byte[][] _pieces = [new byte[PieceBytes], new byte[PieceBytes]];
    private Task _handingOn = Task.CompletedTask;
    private int _turn;
    private int _filled;

    public bool IsFull => _filled == PieceBytes;

    /// <returns>How many of the bytes were taken; less than all when the piece is full.</returns>
    public int Add(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, PieceBytes - _filled);
        bytes[..count].CopyTo(_pieces[_turn].AsSpan(_filled));
        _filled += count;
        return count;
    }

    public async Task SendAsync()
    {
        await _handingOn;
        _handingOn = take(_pieces[_turn].AsMemory(0, _filled));
        _turn ^= 1;
        _filled = 0;
    }

    /// <summary>Hands on what is left and waits until all has been taken.</summary>
    public async Task EndAsync()
    {
        if (_filled > 0)
        {
            await SendAsync();
        }

        await _handingOn;
    }
}
