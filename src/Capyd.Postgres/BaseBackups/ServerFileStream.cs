using Capyd.Postgres.Streams;

namespace Capyd.Postgres.BaseBackups;

/// <summary>The content of one file as it comes from the server. It ends where the file ended when that place was read, or at the size with
/// which it was listed; what a truncation cut off, and what was added since, is replay's.</summary>
/// <param name="number">Of the file in the statement that reads it.</param>
/// <param name="take">Is shown each piece before anybody else, and may alter it.</param>
internal sealed class ServerFileStream(PieceReading pieces, int number, BackupFile file, Func<long, Memory<byte>, Task> take) : ForwardStream
{
    private ReadOnlyMemory<byte> _rest;
    private long _asked;
    private bool _ended;

    /// <summary>Reads the first piece.</summary>
    /// <returns>False when the file is gone.</returns>
    public async Task<bool> BeginAsync(CancellationToken ct)
    {
        var there = await FetchAsync(ct);
        _ended |= !there;
        return there;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty && !_ended && _asked < file.Size)
        {
            await FetchAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    /// <summary>Reads past what is left of it in the answer.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        _rest = default;
        while (!_ended && _asked < file.Size)
        {
            await FetchAsync(ct);
        }

        while (_asked < file.Size)
        {
            await NextAsync(ct);
        }

        _rest = default;
    }

    private async Task<bool> FetchAsync(CancellationToken ct)
    {
        var at = _asked;
        if (await NextAsync(ct) is not { } piece)
        {
            _ended = true;
            return false;
        }

        // A later piece is of a file that has grown again, and would stand in the wrong place.
        _ended |= piece.Length < Math.Min(PieceReading.PieceBytes, file.Size - at);
        var kept = pieces.Buffer.AsMemory(0, piece.Length);
        piece.CopyTo(kept);
        await take(at, kept);
        _rest = kept;
        return true;
    }

    private async Task<ReadOnlyMemory<byte>?> NextAsync(CancellationToken ct)
    {
        var piece = await pieces.NextAsync(number, _asked, ct);
        _asked += PieceReading.PieceBytes;
        return piece;
    }
}
