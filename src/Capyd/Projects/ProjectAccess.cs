using Capyd.Auth;
using Capyd.Storage.Projects;

namespace Capyd.Projects;

/// <summary>Finds the project that a caller names. What is another tenant's looks missing (contract A.5).</summary>
internal static class ProjectAccess
{
    public static ProjectRow Find(MetadataSession session, Principal principal, string projectId)
    {
        var row = ProjectId.TryParse(projectId, out var id) ? ProjectStore.FindLive(session, id) : null;
        var visible = row is not null && row.OrganizationId == principal.Organization && (principal.Project is null || principal.Project == row.Id);
        return visible ? row! : throw CapydException.NotFound("project");
    }

    /// <summary>The same, for what needs a database that is there and at rest.</summary>
    public static ProjectRow FindReady(MetadataSession session, Principal principal, string projectId)
    {
        var row = Find(session, principal, projectId);
        return row.State switch
        {
            "ready" => row,
            "failed" => throw new CapydException(ErrorCode.WrongState, "project must be ready, and its provisioning failed", "POST …/retry-provisioning tries again"),
            "provisioning" => throw new CapydException(ErrorCode.WrongState, "project must be ready, and it is still provisioning", "wait for its job to end"),
            _ => throw CapydException.Busy(),
        };
    }
}
