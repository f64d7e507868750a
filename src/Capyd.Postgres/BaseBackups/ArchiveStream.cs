using System.Buffers.Binary;
using Capyd.Postgres.Streams;
using Capyd.Postgres.Wire;

namespace Capyd.Postgres.BaseBackups;

/// <summary>The bytes of the archive that the server sends at the moment; ends where the next one begins.</summary>
internal sealed class ArchiveStream(BackupConnection connection, Action<long> progress) : ForwardStream
{
    private ReadOnlyMemory<byte> _piece;
    private ArchiveHead? _next;
    private bool _ended;

    /// <summary>Reads past what is left and goes on to the next archive; null when none follows.</summary>
    public async Task<ArchiveHead?> NextAsync(CancellationToken ct)
    {
        while (_next is null && !_ended)
        {
            await AdvanceAsync(ct);
        }

        var head = _next;
        _next = null;
        _piece = default;
        return head;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_piece.IsEmpty && _next is null && !_ended)
        {
            await AdvanceAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _piece.Length);
        _piece[..count].CopyTo(buffer);
        _piece = _piece[count..];
        return count;
    }

    private async Task AdvanceAsync(CancellationToken ct)
    {
        _piece = default;
        var message = await connection.ReadAsync(ct);
        if (message.Type == 'c')
        {
            _ended = true;
            return;
        }

        if (message.Type != 'd' || message.Body.IsEmpty)
        {
            throw BackupConnection.Unexpected(message.Type, "the files");
        }

        Take((char)message.Body.Span[0], message.Body[1..]);
    }

    private void Take(char kind, ReadOnlyMemory<byte> body)
    {
        switch (kind)
        {
            case 'd':
                _piece = body;
                break;
            case 'n':
                _next = new ArchiveHead(WireFields.Text(body.Span, out _));
                break;
            case 'm':
                _next = new ArchiveHead(null);
                break;
            case 'p':
                progress(BinaryPrimitives.ReadInt64BigEndian(body.Span));
                break;
            default:
                throw BackupConnection.Unexpected(kind, "parts of the backup");
        }
    }
}
