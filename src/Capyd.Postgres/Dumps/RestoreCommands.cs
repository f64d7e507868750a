using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Dumps;

/// <summary>Turns a restore into calls of pg_restore. No file means that the archive comes through standard input.</summary>
internal sealed class RestoreCommands(ClusterEndpoint endpoint, PostgresInstallation installation, RestoreRequest request)
{
    public ToolCommand Contents(string? archive) =>
        new(installation.PathOf("pg_restore"), [.. Words("--list", archive)]) { RunAs = endpoint.ToolUser };

    /// <param name="section">pre-data, data or post-data; null for all of them.</param>
    public ToolCommand Load(string list, string? archive, string? section = null) =>
        new(installation.PathOf("pg_restore"), [.. LoadArguments(list), .. Words(section is null ? null : $"--section={section}", archive)])
        {
            Environment = ToolSession.ForRestore(endpoint, request),
            RunAs = endpoint.ToolUser,
            Secrets = [request.LoaderPassword.Value],
        };

    private IEnumerable<string> LoadArguments(string list)
    {
        yield return $"--dbname={ToolSession.DatabaseOnly(request.Database)}";
        yield return "--exit-on-error";
        yield return "--no-owner";
        yield return "--no-password";
        yield return $"--use-list={list}";
        if (!request.KeepPrivileges)
        {
            yield return "--no-privileges";
        }

        if (request.Loader != request.Owner)
        {
            yield return $"--role={request.Owner}";
        }

        if (request.Jobs > 1)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--jobs={request.Jobs}");
            yield return "--verbose";
        }
    }

    private static IEnumerable<string> Words(params string?[] words) => words.OfType<string>();
}
