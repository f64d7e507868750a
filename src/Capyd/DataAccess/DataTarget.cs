using Capyd.Postgres.Cluster;

namespace Capyd.DataAccess;

/// <summary>A database that a caller may look into, with the login of its own role.</summary>
/// <param name="Preview">Null for the project's own database.</param>
internal sealed record DataTarget(ProjectId Project, PreviewId? Preview, DatabaseName Database, RoleName Role, Password Password);
