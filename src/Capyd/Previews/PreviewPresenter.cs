using Capyd.Cluster;
using Capyd.Projects;
using Capyd.Storage.Previews;

namespace Capyd.Previews;

/// <summary>Turns a row into what the wire shows.</summary>
internal sealed class PreviewPresenter(ProjectPresenter projects, PostgresServer server, CapydOptions options)
{
    public PreviewBody Present(PreviewRow row)
    {
        var there = row.State is "ready" or "restoring";
        return new PreviewBody(
            row.Id.ToString(), row.ProjectId.ToString(), row.Name, row.Mode, row.State == "restoring" ? "provisioning" : row.State, row.DatabaseName, row.RoleName,
            projects.DirectPort, projects.PooledPort, there ? options.PublicHost : null, there ? server.SslMode : null, row.TtlExpiresAt, row.SourceKind,
            row.SourceDatabase, row.SourceBackupKey, row.SourceRestoreTime, row.LastError, row.CreatedAt, row.UpdatedAt);
    }
}
