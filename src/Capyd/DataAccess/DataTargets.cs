using Capyd.Auth;
using Capyd.Postgres.Cluster;
using Capyd.Previews;
using Capyd.Projects;
using Capyd.Storage.Secrets;

namespace Capyd.DataAccess;

/// <summary>Finds the database that a caller names; it has to be at rest.</summary>
internal sealed class DataTargets(MetadataDatabase metadata, SecretBox secrets)
{
    public DataTarget OfProject(Principal principal, string projectId)
    {
        var project = metadata.Read(session => ProjectAccess.FindReady(session, principal, projectId));
        return new DataTarget(
            project.Id, null, DatabaseName.Parse(project.DatabaseName), RoleName.Parse(project.RoleName), new Password(secrets.Unseal(project.PasswordSealed, project.Id.ToString())));
    }

    public DataTarget OfPreview(Principal principal, string previewId)
    {
        var preview = metadata.Read(session => PreviewAccess.Find(session, principal, previewId));
        return preview.State == "ready"
            ? new DataTarget(
                preview.ProjectId, preview.Id, DatabaseName.Parse(preview.DatabaseName), RoleName.Parse(preview.RoleName), new Password(secrets.Unseal(preview.PasswordSealed, preview.Id.ToString())))
            : throw new CapydException(ErrorCode.WrongState, $"preview must be ready, and it is {preview.State}", "wait for its job to end");
    }
}
