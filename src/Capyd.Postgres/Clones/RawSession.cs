using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wire;

namespace Capyd.Postgres.Clones;

/// <summary>
/// A session over the server's Unix socket that knows statements without parameters, and COPY to the client. The driver
/// takes each row by itself, which cost more processor time than the server needed to send it; here rows are handed on as
/// they lie in the buffer. Closing the socket ends the session, whatever it does.
/// </summary>
internal sealed class RawSession : IAsyncDisposable
{
    /// <summary>Of a message that is no row.</summary>
    private const int LongestMessage = 256 << 10;

    private readonly WireConnection _connection;

    private RawSession(WireConnection connection) => _connection = connection;

    /// <exception cref="PostgresFailedException">The server refuses, or wants a password.</exception>
    public static async Task<RawSession> OpenAsync(ClusterEndpoint endpoint, DatabaseName database, string applicationName, CancellationToken cancellationToken)
    {
        var session = new RawSession(await WireConnection.OpenAsync(endpoint, cancellationToken));
        try
        {
            var startup = ClientMessages.Startup(
                "user", endpoint.AdminRole, "database", database.ToString(), "application_name", applicationName,
                "client_encoding", "UTF8", "options", ConnectionText.SessionOptions);
            await session._connection.SendAsync(startup, cancellationToken);
            await session.UntilReadyAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await _connection.SendAsync(ClientMessages.Query(sql), cancellationToken);
        await UntilReadyAsync(cancellationToken);
    }

    /// <summary>Runs a COPY … TO STDOUT.</summary>
    /// <param name="take">Takes a piece; it may keep it until the task that it returned has ended and not longer.</param>
    /// <returns>How many rows the server says it sent.</returns>
    public async Task<long> CopyOutAsync(string sql, Func<ReadOnlyMemory<byte>, Task> take, CancellationToken cancellationToken)
    {
        await _connection.SendAsync(ClientMessages.Query(sql), cancellationToken);
        var pieces = new CopyPieces(take);
        var rows = 0L;
        while (await _connection.HeadAsync(cancellationToken) is { Type: not 'Z' } head)
        {
            if (head.Type == 'd')
            {
                await HandOnAsync(pieces, head.Length, cancellationToken);
                continue;
            }

            var message = await MessageAsync(head, cancellationToken);
            rows = message.Type == 'C' ? RowsOf(Encoding.ASCII.GetString(message.Body.Span)) : rows;
        }

        await _connection.BodyAsync(1, cancellationToken);
        await pieces.EndAsync();
        return rows;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task HandOnAsync(CopyPieces pieces, int length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            var piece = await _connection.PieceAsync(length, cancellationToken);
            length -= piece.Length;
            while (piece.Length > 0)
            {
                piece = piece[pieces.Add(piece.Span)..];
                if (pieces.IsFull)
                {
                    await pieces.SendAsync();
                }
            }
        }
    }

    private async Task UntilReadyAsync(CancellationToken cancellationToken)
    {
        WireMessage message;
        do
        {
            message = await MessageAsync(await _connection.HeadAsync(cancellationToken), cancellationToken);
            if (message.Type == 'R' && BinaryPrimitives.ReadInt32BigEndian(message.Body.Span) != 0)
            {
                throw new PostgresFailedException(
                    "The server wants a password from capyd's superuser over its socket. Let it in by peer authentication in pg_hba.conf.", null, RetryClass.Permanent);
            }
        }
        while (message.Type != 'Z');
    }

    /// <exception cref="PostgresFailedException">It is an error.</exception>
    private async ValueTask<WireMessage> MessageAsync(WireHead head, CancellationToken cancellationToken)
    {
        if (head.Length is < 0 or > LongestMessage)
        {
            throw new PostgresFailedException("The server sent a message that is too long to be one.", null, RetryClass.Transient);
        }

        var body = await _connection.BodyAsync(head.Length, cancellationToken);
        if (head.Type == 'E')
        {
            var fields = WireFields.Report(body.Span);
            var state = fields.GetValueOrDefault('C', "");
            throw new PostgresFailedException($"{fields.GetValueOrDefault('M')} (SQLSTATE {state})", state, PostgresFailure.Classify(state));
        }

        return new WireMessage(head.Type, body);
    }

    /// <summary>"COPY 42" and a zero byte.</summary>
    private static long RowsOf(string tag) =>
        long.TryParse(tag.TrimEnd('\0').Split(' ')[^1], CultureInfo.InvariantCulture, out var rows) ? rows : 0;
}
