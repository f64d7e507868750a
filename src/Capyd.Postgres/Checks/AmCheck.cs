using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Checks;

/// <summary>
/// Reads every table and B-tree index of a database and looks for damage, with pg_amcheck. It makes the extension amcheck where it is
/// missing, so the server is to be one that is thrown away.
/// </summary>
public sealed class AmCheck(ClusterEndpoint endpoint, PostgresBinaries binaries, ToolRunner runner)
{
    private const int FirstWithTool = 14;
    private const int Damaged = 2;

    /// <param name="serverMajor">Such as 15.</param>
    /// <returns>What is damaged, in pg_amcheck's words; empty when all is well.</returns>
    /// <exception cref="ToolFailedException">It could not check, as when the extension amcheck is not installed.</exception>
    /// <exception cref="ToolMissingException">There is no pg_amcheck.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(
        DatabaseName database, int serverMajor, int jobs, string applicationName, CancellationToken cancellationToken)
    {
        var installation = binaries.ForServer(Math.Max(FirstWithTool, serverMajor));
        var program = installation.PathOf("pg_amcheck");
        if (!File.Exists(program))
        {
            throw new ToolMissingException($"{program} is not there. Install it: apt install postgresql-{installation.Major}");
        }

        var command = new ToolCommand(
            program,
            [
                "--install-missing=pg_catalog", "--heapallindexed", "--no-password",
                string.Create(CultureInfo.InvariantCulture, $"--jobs={jobs}"), ToolSession.DatabaseOnly(database),
            ])
        {
            Environment = ToolSession.ForDump(endpoint, database, applicationName),
            RunAs = endpoint.ToolUser,
        };
        var outcome = await runner.RunAsync(command, ToolStreams.None, cancellationToken);
        return outcome.ExitCode == Damaged ? Findings(outcome.StdoutTail) : NoneUnlessFailed(outcome, command);
    }

    private static IReadOnlyList<string> NoneUnlessFailed(ToolOutcome outcome, ToolCommand command)
    {
        outcome.EnsureSuccess(command);
        return [];
    }

    /// <summary>One line for each; the detail is indented below it.</summary>
    private static List<string> Findings(string text)
    {
        var findings = new List<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (char.IsWhiteSpace(line[0]) && findings.Count > 0)
            {
                findings[^1] += " " + line.Trim();
            }
            else
            {
                findings.Add(line.Trim());
            }
        }

        return findings.Count > 0 ? findings : ["pg_amcheck found damage and did not say where"];
    }
}
