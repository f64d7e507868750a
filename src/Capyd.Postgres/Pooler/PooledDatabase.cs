using System.Text.RegularExpressions;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Pooler;

/// <summary>One database as the pooler offers it: to one role, under its own name.</summary>
/// <param name="Verifier">What the server keeps for the role's password; the pooler checks logins with it and passes them on.</param>
/// <param name="PoolSize">The most sessions that the pooler opens on the server for it.</param>
public sealed partial record PooledDatabase(DatabaseName Name, RoleName Role, string Verifier, int PoolSize)
{
    /// <summary>PgBouncer's own name for its administration.</summary>
    private const string Console = "pgbouncer";

    /// <summary>Whether PgBouncer can name them: version 1.18 knows no quoting of database names. capyd's own names always can be.</summary>
    public static bool IsPossible(DatabaseName name, RoleName role) =>
        Plain().IsMatch(name.ToString()) && Plain().IsMatch(role.ToString()) && name.ToString() != Console && role.ToString() != Console;

    /// <summary>Without the verifier.</summary>
    public override string ToString() => $"{Name} for {Role}";

    [GeneratedRegex("^[A-Za-z0-9_.-]+\\z")]
    private static partial Regex Plain();
}
