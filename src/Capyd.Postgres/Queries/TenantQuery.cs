using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Queries;

/// <summary>Statements to run as the role that owns a database, in a session of its own login.</summary>
/// <param name="Statements">In order; the last one gives the result.</param>
/// <param name="MaxRows">More rows than these are not returned.</param>
/// <param name="ReadOnly">All of it in one read-only transaction.</param>
/// <param name="OwnTransactions">The statements begin and end transactions themselves; else several run in one.</param>
public sealed record TenantQuery(
    DatabaseName Database, RoleName Role, Password Password, IReadOnlyList<string> Statements, int MaxRows, bool ReadOnly, bool OwnTransactions)
{
    /// <summary>How long all of it may take.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How the session calls itself in pg_stat_activity.</summary>
    public string ApplicationName { get; init; } = SessionName;

    public const string SessionName = "capyd sql";
}
