using Capyd.Audit;
using Capyd.Auth;
using Capyd.Storage.Projects;

namespace Capyd.Projects;

/// <summary>Changes <c>environment</c> and <c>always_on</c>; nothing else can be changed (contract C.1).</summary>
internal sealed class UpdateProject(MetadataDatabase metadata, TimeProvider clock)
{
    public Task<ProjectRow> RunAsync(Principal principal, string projectId, UpdateProjectRequest? request, CancellationToken cancellation)
    {
        principal.RequireOrganizationWide();
        if (request?.Name is not null)
        {
            throw CapydException.Invalid("name: cannot be changed after creation");
        }

        var environment = ProjectEnvironment.Parse(request?.Environment);
        return metadata.WriteAsync(tx => Store(tx, principal, ProjectAccess.Find(tx, principal, projectId), environment, request?.AlwaysOn), cancellation);
    }

    private ProjectRow Store(MetadataTransaction tx, Principal principal, ProjectRow project, string? environment, bool? alwaysOn)
    {
        if (environment is null && alwaysOn is null)
        {
            return project;
        }

        var now = clock.GetUtcNow();
        ProjectStore.UpdateSettings(tx, project.Id, environment ?? project.Environment, alwaysOn ?? project.AlwaysOn, project.AlwaysOnExplicit || alwaysOn is not null, now);
        AuditTrail.Append(tx, principal, "project.updated", project.Id, now, new AuditDetail(Target: environment));
        return ProjectStore.FindLive(tx, project.Id)!;
    }
}
