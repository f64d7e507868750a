using System.Globalization;
using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Extensions;

/// <summary>
/// For extensions whose script cannot run in a schema of its own: while it runs nobody else is in the database or comes in, and the
/// schemas where it looks hold nothing that the script could call by mistake.
/// </summary>
internal sealed class QuietDatabase(PostgresCluster cluster, NpgsqlConnection session, ExtensionWork work)
{
    private const int Rounds = 300;
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(50);

    /// <summary>Ends all sessions but this one, runs the statement, and lets sessions in again.</summary>
    /// <param name="schemas">Where the script's names are resolved.</param>
    public async Task RunAsync(string statement, IReadOnlyList<string> schemas, CancellationToken cancellationToken)
    {
        await Strangers.RefuseAsync(session, schemas, cancellationToken);
        await using var server = await cluster.OpenAsync(null, cluster.ApplicationName, cancellationToken);
        try
        {
            await DatabaseSessions.AllowAsync(server, work.Database, false, cancellationToken);
            await EndOthersAsync(server, cancellationToken);
            await Strangers.RefuseAsync(session, schemas, cancellationToken);
            work.WhileClosed?.Invoke();
            await session.ExecuteAsync(statement, cancellationToken);
        }
        finally
        {
            await ReopenAsync();
        }
    }

    private async Task EndOthersAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        var others = string.Create(CultureInfo.InvariantCulture, $"datname = $1 AND pid <> {session.ProcessID}");
        for (var round = 0; round < Rounds; round++)
        {
            if (await DatabaseSessions.TerminateAsync(server, others, work.Database.ToString(), cancellationToken) == 0)
            {
                return;
            }

            await Task.Delay(BetweenRounds, cancellationToken);
        }

        throw new PostgresFailedException(
            $"The sessions of database {work.Database} did not end within {Rounds * BetweenRounds}.", PostgresErrorCodes.ObjectInUse, RetryClass.Transient);
    }

    /// <summary>In a session of its own, because the other one may be what failed.</summary>
    private async Task ReopenAsync()
    {
        await using var server = await cluster.OpenAsync(null, cluster.ApplicationName, CancellationToken.None);
        await DatabaseSessions.AllowAsync(server, work.Database, true, CancellationToken.None);
    }
}
