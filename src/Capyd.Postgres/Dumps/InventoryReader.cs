using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Dumps;

/// <summary>Reads the inventory of a database that nobody changes, such as a restored one.</summary>
public sealed class InventoryReader(PostgresCluster cluster)
{
    /// <summary>How many parallel workers the server may add to one count.</summary>
    public int ParallelWorkers { get; init; } = 2;

    /// <param name="progress">Called with the share that is done, 0 to 1.</param>
    /// <exception cref="PostgresFailedException">The database cannot be read.</exception>
    public Task<Inventory> ReadAsync(
        DatabaseName database, string applicationName, Action<double>? progress, CancellationToken cancellationToken) =>
        ReadLikeAsync(null, LoadedRows.None, new InventoryScope(database, applicationName, ParallelWorkers), progress, cancellationToken);

    /// <summary>Reads so that the result can be compared with <paramref name="expected"/> in every table, also where the
    /// dumped table's owner was a superuser.</summary>
    /// <param name="loaded">What the restore has read already; a table that has changed since is read again.</param>
    /// <param name="without">Tables whose rows are not read.</param>
    /// <exception cref="PostgresFailedException">The database cannot be read.</exception>
    public Task<Inventory> ReadLikeAsync(
        Inventory expected, LoadedRows loaded, DatabaseName database, string applicationName, Action<double>? progress, CancellationToken cancellationToken,
        IReadOnlySet<(string Schema, string Name)>? without = null) =>
        ReadLikeAsync(expected, loaded, new InventoryScope(database, applicationName, ParallelWorkers), progress, cancellationToken, without);

    private Task<Inventory> ReadLikeAsync(
        Inventory? expected, LoadedRows loaded, InventoryScope scope, Action<double>? progress, CancellationToken cancellationToken,
        IReadOnlySet<(string Schema, string Name)>? without = null) =>
        PostgresFailure.GuardAsync($"read the contents of database {scope.Database}", async () =>
        {
            await using var session = await InventorySession.OpenAsync(cluster, scope, cancellationToken);
            var draft = await session.ReadAsync(expected, loaded, progress, cancellationToken, without);
            return draft.Complete(scope.Database.ToString(), draft.Sequences);
        });
}
