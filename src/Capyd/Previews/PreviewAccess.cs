using Capyd.Auth;
using Capyd.Storage.Previews;

namespace Capyd.Previews;

internal static class PreviewAccess
{
    /// <summary>The preview that a caller names; what is another tenant's looks missing.</summary>
    public static PreviewRow Find(MetadataSession session, Principal principal, string previewId)
    {
        var row = PreviewId.TryParse(previewId, out var id) ? PreviewStore.FindLive(session, id) : null;
        var visible = row is not null && row.OrganizationId == principal.Organization && (principal.Project is null || principal.Project == row.ProjectId);
        return visible ? row! : throw CapydException.NotFound("preview");
    }
}
