using System.Globalization;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Pooler;

/// <summary>PgBouncer's administration, over its socket. It lets in who has its own OS user, so there is no password.</summary>
internal sealed class PoolerConsole(PoolerLayout layout, PoolerSettings settings, ToolRunner runner)
{
    private static readonly string[] Columns = ["name", "database", "port", "pool_size"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Reads the configuration again. PgBouncer says RELOAD also when it could not take it.</summary>
    public Task ReloadAsync(CancellationToken cancellationToken) => RunAsync("RELOAD", cancellationToken);

    /// <summary>What the pooler offers now: name, database on the server, port of the server, pool size.</summary>
    public async Task<IReadOnlySet<(string Name, string Database, string Port, string PoolSize)>> DatabasesAsync(CancellationToken cancellationToken)
    {
        var lines = (await RunAsync("SHOW DATABASES", cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = lines[0].Split(',').ToList();
        int[] columns = [.. Columns.Select(column => header.IndexOf(column))];
        return lines.Skip(1).Select(static line => line.Split(','))
            .Select(cells => (cells[columns[0]], cells[columns[1]], cells[columns[2]], cells[columns[3]]))
            .ToHashSet();
    }

    private async Task<string> RunAsync(string statement, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Patience, runner.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var psql = new ToolCommand(settings.Psql, ["--no-psqlrc", "--csv", "--command", statement])
        {
            RunAs = layout.OsUser,
            Environment = new Dictionary<string, string>
            {
                ["PGHOST"] = layout.Run, ["PGPORT"] = settings.Port.ToString(CultureInfo.InvariantCulture), ["PGUSER"] = "pgbouncer", ["PGDATABASE"] = "pgbouncer",
            },
        };
        var answer = "";
        var streams = new ToolStreams
        {
            Stdout = async (output, stop) =>
            {
                using var reader = new StreamReader(output, leaveOpen: true);
                answer = await reader.ReadToEndAsync(stop);
            },
        };
        try
        {
            (await runner.RunAsync(psql, streams, either.Token)).EnsureSuccess(psql);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PoolerFailedException($"pgbouncer did not answer {statement} within {Patience.TotalSeconds} s");
        }
    }
}
