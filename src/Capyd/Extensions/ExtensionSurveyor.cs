using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Projects;

namespace Capyd.Extensions;

/// <summary>Asks the server.</summary>
internal sealed class ExtensionSurveyor(PostgresServer server)
{
    /// <exception cref="CapydException">503: the server does not answer.</exception>
    public async Task<ExtensionSurvey> SurveyAsync(ProjectRow project, CancellationToken cancellation)
    {
        var extensions = server.Capabilities.Extensions;
        try
        {
            var known = await extensions.ListAsync(DatabaseName.Parse(project.DatabaseName), cancellation);
            var libraries = await extensions.SettingAsync("shared_preload_libraries", cancellation) ?? "";
            return new ExtensionSurvey(server.Facts?.Major ?? 0, known.ToDictionary(found => found.Name, StringComparer.Ordinal), Names(libraries));
        }
        catch (PostgresFailedException e) when (e.Retry == RetryClass.Transient)
        {
            throw new CapydException(ErrorCode.PostgresUnavailable, e.Message, "try again when GET /status says that PostgreSQL answers");
        }
    }

    /// <summary>As PostgreSQL writes a list of names: separated by commas, quoted where needed.</summary>
    private static List<string> Names(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim('"')).ToList();
}
