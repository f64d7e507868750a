using Capyd.Postgres.Checks;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Capyd.Postgres.Recovery;
using Npgsql;

namespace Capyd.Postgres.Tests.Checks;

/// <summary>One server plays both parts: the one that was dumped, and the one that was recovered.</summary>
[Collection(nameof(TemporaryCluster))]
public sealed class SnapshotProofTests(TemporaryCluster temporary)
{
    private static readonly DatabaseName Database = DatabaseName.Parse("proven_moment");

    [Fact]
    public async Task The_state_of_the_snapshot_is_told_from_every_other()
    {
        await temporary.ExecuteAsync(null, "CREATE DATABASE proven_moment");
        await temporary.ExecuteAsync(Database.ToString(), "CREATE TABLE public.t (id int PRIMARY KEY); CREATE SEQUENCE public.s; CREATE UNLOGGED TABLE public.u (id int)");
        await using var writer = await temporary.Cluster.OpenAsync(Database, "test", CancellationToken.None);
        await using var transaction = await writer.BeginTransactionAsync();
        await InsertAsync(writer, "INSERT INTO public.t VALUES (1)");
        var expected = await new InventoryReader(temporary.Cluster).ReadAsync(Database, "test", null, CancellationToken.None);
        var proof = new SnapshotProof(temporary.Cluster);

        Assert.NotNull(expected.Snapshot);
        Assert.Null(await ObstacleAsync(proof, expected));
        await temporary.ExecuteAsync(Database.ToString(), "SELECT nextval('public.s')");
        await temporary.ExecuteAsync(Database.ToString(), "INSERT INTO public.u VALUES (7)");
        var atThatMoment = await NextAsync();
        Assert.Empty(await proof.CompareAsync(expected, Database, "test", CancellationToken.None));

        await transaction.CommitAsync();
        Assert.Contains("ended at that very instant", await ObstacleAsync(proof, expected), StringComparison.Ordinal);
        Assert.Contains("another moment", await proof.ObstacleAsync(expected.Snapshot!, atThatMoment + 20_000, CancellationToken.None), StringComparison.Ordinal);
        var difference = Assert.Single(await proof.CompareAsync(expected, Database, "test", CancellationToken.None));
        Assert.Equal("table public.t", difference.Subject);
    }

    private async Task<string?> ObstacleAsync(SnapshotProof proof, Inventory expected) =>
        await proof.ObstacleAsync(expected.Snapshot!, await NextAsync(), CancellationToken.None);

    private Task<long> NextAsync() => SandboxDatabase.NextTransactionAsync(temporary.Cluster, CancellationToken.None);

    private static async Task InsertAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
