using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Npgsql;

namespace Capyd.Postgres.Clones;

/// <summary>
/// Gives everything in a copied database to one role, object by object: REASSIGN OWNED would also take the databases that
/// the source's role owns. Grants to others go, as in every copy with another role.
/// </summary>
internal sealed class CopyOwnership(PostgresCluster cluster, DatabaseName database, RoleName owner)
{
    /// <summary>Each statement locks its object until the end of the transaction, and the server's table of locks is small.</summary>
    private const int Batch = 500;

    /// <returns>What still belongs to another role and cannot be given away; null when nothing does.</returns>
    public async Task<string?> TakeAsync(CancellationToken cancellationToken)
    {
        await using var inside = await cluster.OpenAsync(database, cluster.ApplicationName, cancellationToken);
        await inside.ExecuteAsync("SET session_replication_role = replica", cancellationToken);
        await ApplyAsync(inside, "clone_owners", cancellationToken);
        await ApplyAsync(inside, "clone_owners", cancellationToken);
        await ApplyAsync(inside, "clone_grants", cancellationToken);
        var left = await inside.ScalarAsync<string>(SqlText.Of("clone_strangers"), cancellationToken, owner.ToString())
            ?? await TemplateObstacle.FindAsync(inside, cancellationToken);
        return left is null ? null : $"it holds {left}";
    }

    private async Task ApplyAsync(NpgsqlConnection inside, string list, CancellationToken cancellationToken)
    {
        var statements = await inside.ListAsync(SqlText.Of(list), static row => row.GetString(0), cancellationToken, owner.ToString());
        foreach (var batch in statements.Chunk(Batch))
        {
            await using var transaction = await inside.BeginTransactionAsync(cancellationToken);
            foreach (var statement in batch)
            {
                await inside.ExecuteAsync(statement, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
    }
}
