using System.Globalization;
using System.Text;
using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Dumps;

/// <summary>
/// Counts and hashes the rows of a tenant's tables without lending the tenant a superuser's rights. To plan a query, the
/// server folds the expressions of the table's indexes, and so calls functions of the tenant; even an index made a moment
/// ago. Hence each query runs inside a SECURITY DEFINER function of the table's owner, which cannot be left by RESET ROLE.
/// Where the owner may not read, the rows are hashed here from COPY, which is not planned.
/// </summary>
internal sealed class RowReader(NpgsqlConnection connection)
{
    public const string CopyPrefix = "copy:";

    private readonly Dictionary<string, string> _functions = new(StringComparer.Ordinal);

    /// <summary>Must precede the transaction: a read-only one can make no function.</summary>
    public async Task PrepareAsync(IEnumerable<RelationPlan> relations, CancellationToken cancellationToken)
    {
        foreach (var owner in relations.Where(static r => r.ReadableAsOwner).Select(static r => r.Owner).Distinct(StringComparer.Ordinal))
        {
            var function = string.Create(CultureInfo.InvariantCulture, $"pg_temp.capyd_rows_{_functions.Count}");
            await connection.ExecuteAsync(Definition(function), cancellationToken);
            await connection.ExecuteAsync($"ALTER FUNCTION {function}(pg_catalog.text) OWNER TO {SqlIdentifier.Quote(owner)}", cancellationToken);
            _functions[owner] = function;
        }
    }

    /// <param name="byCopy">Whether COPY must be used, to be comparable with an earlier hash.</param>
    public async Task<InventoryRelation> ReadAsync(RelationPlan relation, bool byCopy, CancellationToken cancellationToken)
    {
        var result = byCopy || !relation.ReadableAsOwner ? null : await AsOwnerAsync(relation, cancellationToken);
        var (rows, hash) = result ?? await FromCopyAsync(relation, cancellationToken);
        return new InventoryRelation
        {
            Schema = relation.Schema,
            Name = relation.Name,
            Persistence = relation.Unlogged ? "unlogged" : "permanent",
            Rows = rows,
            Hash = hash,
        };
    }

    /// <summary>32 hex digits of a sum of 64-bit hashes.</summary>
    public static string Hex(string sum) => Hex(Int128.Parse(sum, CultureInfo.InvariantCulture));

    private static string Hex(Int128 sum) => sum.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>The settings are the function's own, because code of the tenant may have changed the session's.</summary>
    private static string Definition(string function) =>
        $"""
        CREATE FUNCTION {function}(statement pg_catalog.text, OUT rows pg_catalog.int8, OUT hash pg_catalog.text)
        RETURNS SETOF pg_catalog.record LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = '' SET row_security = off SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET timezone = 'UTC'
        SET bytea_output = 'hex' SET extra_float_digits = 3 SET xmlbinary = 'base64' SET lc_monetary = 'C' SET statement_timeout = 0
        AS $body$ BEGIN RETURN QUERY EXECUTE statement; END $body$
        """;

    /// <returns>Null when the owner lacks the right to read the table.</returns>
    private async Task<(long Rows, string? Hash)?> AsOwnerAsync(RelationPlan relation, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("SAVEPOINT relation", cancellationToken);
        try
        {
            var read = await connection.ListAsync(
                $"SELECT r.rows, r.hash FROM {_functions[relation.Owner]}($1) r",
                static row => (row.GetInt64(0), row.IsDBNull(1) ? null : Hex(row.GetString(1))),
                cancellationToken,
                relation.Statement);
            await connection.ExecuteAsync("RELEASE relation", cancellationToken);
            return read.Single();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await connection.ExecuteAsync("ROLLBACK TO relation", cancellationToken);
            return null;
        }
    }

    private async Task<(long Rows, string? Hash)> FromCopyAsync(RelationPlan relation, CancellationToken cancellationToken)
    {
        using var reader = await connection.BeginTextExportAsync(relation.Copy, cancellationToken);
        var rows = 0L;
        var sum = Int128.Zero;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            rows++;
            var digest = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(line));
            sum += System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(digest);
        }

        return (rows, CopyPrefix + Hex(sum));
    }
}
