using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Reads the content of files by SQL, many with one statement: COPY sends a row for each piece, in the order of the files.</summary>
internal sealed class PieceReading(BackupConnection connection)
{
    /// <summary>Measured: smaller ones cost the server more calls, larger ones fall out of its cache.</summary>
    public const int PieceBytes = 256 * 1024;

    /// <summary>Signature, flags and length of the extension of COPY's binary format.</summary>
    private const int CopyHeadBytes = 11 + 4 + 4;

    private const int RowHeadBytes = 2 + (4 + 4) + (4 + 8) + 4;

    private bool _headed;

    /// <summary>Room for one piece, for whoever reads them one after another.</summary>
    public byte[] Buffer { get; } = new byte[PieceBytes];

    /// <summary>To be followed by <see cref="NextAsync"/> for each piece of each file.</summary>
    public async Task BeginAsync(IReadOnlyList<BackupFile> files, CancellationToken ct)
    {
        await connection.SendQueryAsync(Statement(files), ct);
        _headed = false;
        var begin = await connection.ReadAsync(ct);
        if (begin.Type != 'H')
        {
            throw BackupConnection.Unexpected(begin.Type, "files");
        }
    }

    /// <returns>A piece, shorter than wanted where the file ends by now; null when the file is gone. Good until more is read.</returns>
    public async Task<ReadOnlyMemory<byte>?> NextAsync(int file, long offset, CancellationToken ct)
    {
        var row = await RowAsync(ct);
        var span = row.Span;
        if (span.Length < RowHeadBytes || BinaryPrimitives.ReadInt32BigEndian(span[6..]) != file || BinaryPrimitives.ReadInt64BigEndian(span[14..]) != offset)
        {
            throw new BaseBackupFailedException("The server sent the pieces of its files in another order.", BaseBackupFailure.Other);
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(span[22..]);
        return length < 0 ? null : row.Slice(RowHeadBytes, length);
    }

    /// <summary>Reads that nothing follows.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        while (await connection.ReadAsync(ct) is { Type: not 'Z' } message)
        {
            if (message.Type is not ('d' or 'c' or 'C'))
            {
                throw BackupConnection.Unexpected(message.Type, "the end of files");
            }
        }
    }

    private async Task<ReadOnlyMemory<byte>> RowAsync(CancellationToken ct)
    {
        while (true)
        {
            var message = await connection.ReadAsync(ct);
            if (message.Type != 'd')
            {
                throw BackupConnection.Unexpected(message.Type, "pieces of files");
            }

            var body = _headed ? message.Body : message.Body[CopyHeadBytes..];
            _headed = true;
            if (!body.IsEmpty)
            {
                return body;
            }
        }
    }

    private static string Statement(IReadOnlyList<BackupFile> files)
    {
        var list = new StringBuilder();
        for (var at = 0; at < files.Count; at++)
        {
            list.Append(at == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"({at},{SqlIdentifier.Literal(files[at].Path)},{files[at].Size}::int8)");
        }

        return string.Create(CultureInfo.InvariantCulture, $"""
            COPY (SELECT f.n, p.o, pg_catalog.pg_read_binary_file(f.path, p.o, LEAST({PieceBytes}, f.size - p.o), true)
                  FROM (VALUES {list}) AS f (n, path, size), LATERAL pg_catalog.generate_series(0, f.size - 1, {PieceBytes}) AS p (o))
            TO STDOUT (FORMAT binary)
            """);
    }
}
