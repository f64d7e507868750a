using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Npgsql;

namespace Capyd.Postgres.Extensions;

/// <summary>What the script of an extension could call by mistake, with a superuser's rights.</summary>
internal static class Strangers
{
    /// <exception cref="PostgresFailedException">There is something; the message names it.</exception>
    public static async Task RefuseAsync(NpgsqlConnection session, IReadOnlyList<string> schemas, CancellationToken cancellationToken)
    {
        var found = await session.ListAsync(
            SqlText.Of("callable_strangers"), static row => row.GetString(0), cancellationToken, (object)schemas.ToArray());
        if (found.Count > 0)
        {
            throw new PostgresFailedException(
                $"Where the extension's script looks for names there are routines, operators or domains that it could call by mistake: {string.Join(", ", found)}. "
                + "Move them to another schema (ALTER … SET SCHEMA), enable or update the extension, and move them back.",
                PostgresErrorCodes.ObjectNotInPrerequisiteState,
                RetryClass.Permanent);
        }
    }
}
