using System.Globalization;
using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Clones;

/// <summary>Sends the rows of one table from one session to another, and counts them on both sides.</summary>
internal sealed class TableStream(RawSession source, NpgsqlConnection target)
{
    /// <param name="sent">Told how many bytes have just gone.</param>
    /// <returns>How many rows there are.</returns>
    /// <exception cref="PostgresFailedException">Not as many rows came as were sent.</exception>
    public async Task<long> CopyAsync(CloneTable table, Action<int> sent, CancellationToken cancellationToken)
    {
        await using var transaction = await target.BeginTransactionAsync(cancellationToken);
        await target.ExecuteAsync(table.Empty, cancellationToken);
        var rows = await FillAsync(table, sent, cancellationToken);
        var found = await target.ScalarAsync<long>(table.Count, cancellationToken);
        if (found != rows)
        {
            throw new PostgresFailedException(
                string.Create(CultureInfo.InvariantCulture, $"Of table {table.Reference} {rows} rows were sent, and {found} came."), null, RetryClass.Permanent);
        }

        await transaction.CommitAsync(cancellationToken);
        return rows;
    }

    private async Task<long> FillAsync(CloneTable table, Action<int> sent, CancellationToken cancellationToken)
    {
        var writer = await target.BeginRawBinaryCopyAsync(table.CopyIn, cancellationToken);
        try
        {
            var rows = await source.CopyOutAsync(
                table.CopyOut,
                async piece =>
                {
                    await writer.WriteAsync(piece, cancellationToken);
                    sent(piece.Length);
                },
                cancellationToken);
            await writer.DisposeAsync();
            return rows;
        }
        catch
        {
            await GiveUpAsync(writer);
            throw;
        }
    }

    /// <summary>Disposing the writer would end the stream as if it were whole. The first failure counts.</summary>
    private static async Task GiveUpAsync(NpgsqlRawCopyStream writer)
    {
        try
        {
            await writer.CancelAsync();
        }
        catch (Exception e) when (e is NpgsqlException or ObjectDisposedException or InvalidOperationException)
        {
            // The session is what failed; the transaction goes with it.
            return;
        }
    }
}
