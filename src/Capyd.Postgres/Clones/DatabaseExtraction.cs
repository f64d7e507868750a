using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Clones;

/// <summary>
/// Takes a database out of a recovered server and puts it into the live one, rows straight from session to session, with
/// no file in between. The inventories of both sides are compared.
/// </summary>
public sealed class DatabaseExtraction(PostgresCluster recovered, PostgresCluster live, PostgresBinaries binaries, ToolRunner runner)
{
    /// <exception cref="PostgresFailedException">The source cannot be read, or the target not be made.</exception>
    /// <exception cref="ToolFailedException">pg_dump or pg_restore failed.</exception>
    public Task<CloneResult> RunAsync(CloneRequest request, CancellationToken cancellationToken) =>
        PostgresFailure.GuardAsync($"take database {request.Source} out of the recovered server", async () =>
        {
            await AbsentRoles.MakeAsync(recovered, live, request, cancellationToken);
            var settings = await CloneSettings.ReadAsync(recovered, request, cancellationToken);
            return await new SnapshotTransfer(recovered, live, binaries, runner).RunAsync(
                request,
                locale => new DatabaseAdmin(live).ProvisionAsync(DatabaseClone.Spec(request, settings, locale), cancellationToken),
                "it comes from another server",
                cancellationToken);
        });
}
