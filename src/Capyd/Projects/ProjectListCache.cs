using System.Text.Json;
using Capyd.Auth;
using Capyd.Storage.Projects;

namespace Capyd.Projects;

/// <summary>
/// The project list of an organisation as bytes, kept until anything in the metadata changes. Dashboards and agents poll it, and
/// with a thousand projects it is most of a megabyte.
/// </summary>
internal sealed class ProjectListCache(MetadataDatabase metadata, ProjectPresenter presenter)
{
    private volatile Entry? _entry;

    public byte[] List(Principal principal)
    {
        var version = $"{metadata.DataVersion()}/{presenter.ServerState}";
        if (principal.Project is null && _entry is { } entry && entry.Version == version && entry.Organization == principal.Organization)
        {
            return entry.Bytes;
        }

        var bytes = Serialize(principal);
        if (principal.Project is null)
        {
            _entry = new Entry(principal.Organization, version, bytes);
        }

        return bytes;
    }

    private byte[] Serialize(Principal principal)
    {
        var rows = metadata.Read(session => ProjectStore.ListLive(session, principal.Organization));
        var visible = rows.Where(row => principal.Project is null || principal.Project == row.Id);
        return JsonSerializer.SerializeToUtf8Bytes(new ProjectsBody(visible.Select(presenter.Present).ToList()), ProjectsJson.Default.ProjectsBody);
    }

    private sealed record Entry(OrganizationId Organization, string Version, byte[] Bytes);
}
