using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Extensions;

/// <summary>
/// The script of an extension runs as a superuser and resolves names in the schema where the extension is; a tenant who owns that
/// schema could have its own functions called. So the script runs in a schema that nobody else has ever seen, and what it made is
/// moved afterwards, which runs no code. All of it is one transaction.
/// </summary>
internal sealed class PrivateSchema(NpgsqlConnection session)
{
    private readonly string _name = $"capyd_extension_{Guid.NewGuid():n}";

    private string Schema => SqlIdentifier.Quote(_name);

    /// <summary>Makes the extension and moves it to the schema.</summary>
    public async Task CreateAsync(string extension, string schema, CancellationToken cancellationToken)
    {
        await using var transaction = await session.BeginTransactionAsync(cancellationToken);
        await session.ExecuteAsync($"CREATE SCHEMA {Schema}", cancellationToken);
        await session.ExecuteAsync($"CREATE EXTENSION {SqlIdentifier.Quote(extension)} SCHEMA {Schema}", cancellationToken);
        await MoveAsync(extension, SqlIdentifier.Quote(schema), cancellationToken);
        await session.ExecuteAsync($"DROP SCHEMA {Schema}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Takes the extension out of the schema, updates it, and puts it back.</summary>
    /// <exception cref="PostgresFailedException">A tenant has added something of his own to the extension.</exception>
    public async Task UpdateAsync(string extension, string schema, CancellationToken cancellationToken)
    {
        await using var transaction = await session.BeginTransactionAsync(cancellationToken);
        await session.ExecuteAsync($"CREATE SCHEMA {Schema}", cancellationToken);
        await MoveAsync(extension, Schema, cancellationToken);
        await Strangers.RefuseAsync(session, [_name], cancellationToken);
        await session.ExecuteAsync($"ALTER EXTENSION {SqlIdentifier.Quote(extension)} UPDATE", cancellationToken);
        await MoveAsync(extension, SqlIdentifier.Quote(schema), cancellationToken);
        await session.ExecuteAsync($"DROP SCHEMA {Schema}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private Task<int> MoveAsync(string extension, string schema, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"ALTER EXTENSION {SqlIdentifier.Quote(extension)} SET SCHEMA {schema}", cancellationToken);
}
