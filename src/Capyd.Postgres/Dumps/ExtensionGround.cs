using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Dumps;

/// <summary>
/// Schemas in which a superuser makes extensions. The script of an extension resolves names there, so a tenant who may write
/// into them could have its own functions called instead. They belong to capyd for as long as that lasts.
/// </summary>
internal sealed class ExtensionGround(NpgsqlConnection session, RoleName owner)
{
    private const string EndOthers =
        "SELECT pg_catalog.pg_terminate_backend(pid, 5000) FROM pg_catalog.pg_stat_activity "
        + "WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid() AND backend_type = 'client backend'";

    /// <exception cref="PostgresFailedException">Somebody has put something into one of the schemas.</exception>
    public async Task WithAsync(IReadOnlyList<string> schemas, Func<Task> work, CancellationToken cancellationToken)
    {
        if (schemas.Count > 0)
        {
            await TakeAsync(schemas, cancellationToken);
        }

        await work();
        foreach (var schema in schemas)
        {
            await GiveAsync(schema, owner.Quoted, cancellationToken);
        }
    }

    /// <summary>Sessions end after the rights are gone: one that created something just before cannot commit it any more.</summary>
    private async Task TakeAsync(IReadOnlyList<string> schemas, CancellationToken cancellationToken)
    {
        foreach (var schema in schemas)
        {
            await session.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {SqlIdentifier.Quote(schema)}", cancellationToken);
            await GiveAsync(schema, "CURRENT_USER", cancellationToken);
        }

        await session.ExecuteAsync(EndOthers, cancellationToken);
        if (await session.ScalarAsync<bool>(SqlText.Of("schema_strangers"), cancellationToken, (object)schemas.ToArray()))
        {
            throw new PostgresFailedException(
                $"The database is not fresh: something was put into schema {string.Join(" or ", schemas)} before its extensions were made. "
                + "Drop it and restore into a new one.",
                null,
                RetryClass.Transient);
        }
    }

    private Task<int> GiveAsync(string schema, string role, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"ALTER SCHEMA {SqlIdentifier.Quote(schema)} OWNER TO {role}", cancellationToken);
}
