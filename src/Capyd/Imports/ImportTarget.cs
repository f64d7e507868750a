using Capyd.Audit;
using Capyd.Auth;
using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Projects;
using Capyd.Storage.Projects;

namespace Capyd.Imports;

/// <summary>
/// The database that an import fills. Content is never merged: it goes into a database that holds nothing, or it replaces what is
/// there, and then the caller has said so twice.
/// </summary>
internal sealed class ImportTarget(MetadataDatabase metadata, PostgresServer server, TimeProvider clock)
{
    public ProjectRow FindReady(Principal principal, string projectId) => metadata.Read(session => ProjectAccess.FindReady(session, principal, projectId));

    public Task NoteAsync(Principal principal, ProjectRow project, string action, AuditDetail detail) =>
        metadata.WriteAsync(tx => AuditTrail.Append(tx, principal, action, project.Id, clock.GetUtcNow(), detail), CancellationToken.None);

    /// <exception cref="CapydException">400 or 409: the database holds something, and the caller has not asked to replace it.</exception>
    public async Task RequireConsentAsync(ProjectRow project, bool confirm, bool recreate, CancellationToken cancellation)
    {
        if (confirm && recreate)
        {
            return;
        }

        var content = await DatabaseContent.ReadAsync(server.Capabilities.Cluster, DatabaseName.Parse(project.DatabaseName), cancellation);
        if (content.Tables > 0 && !confirm)
        {
            throw CapydException.Invalid(
                $"confirm: must be true, because the project's database holds {Count(content.Tables, "table")} and an import replaces what it holds",
                "send confirm: true and recreate: true; what is replaced can be had back by POST …/restores/undo for restore.undo_hours");
        }

        if (!content.IsEmpty && !recreate)
        {
            throw new CapydException(
                ErrorCode.WrongState,
                $"the project's database is not empty ({Count(content.Tables, "table")}, {Count(content.Others, "other object")}), and an import is never merged into what is there",
                "send recreate: true to replace it, or import into a new project");
        }
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
