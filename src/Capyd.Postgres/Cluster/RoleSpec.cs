namespace Capyd.Postgres.Cluster;

/// <summary>A login role as it should be.</summary>
/// <param name="ConnectionLimit">The most sessions at a time; -1 for no limit.</param>
/// <param name="Marker">Kept as the role's comment; tells a role of ours from anybody else's.</param>
public sealed record RoleSpec(RoleName Name, Password Password, int ConnectionLimit, string Marker);
