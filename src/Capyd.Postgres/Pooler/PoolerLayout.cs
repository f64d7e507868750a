using Capyd.Postgres.Instances;
using Capyd.Postgres.Wire;

namespace Capyd.Postgres.Pooler;

/// <summary>The pooler's files. It may read its configuration and write nothing but <see cref="Run"/>.</summary>
internal sealed class PoolerLayout
{
    public PoolerLayout(PoolerSettings settings)
    {
        Root = Path.GetFullPath(settings.Directory);
        Run = SocketDirectory.ShortEnough(Path.Combine(Root, "run"));
        Socket = ServerSocket.PathIn(Run, settings.Port);
        OsUser = Environment.IsPrivilegedProcess ? settings.OsUserWhenRoot : null;
    }

    public string Root { get; }

    /// <summary>The console's socket, the process id and the log.</summary>
    public string Run { get; }

    public string Socket { get; }

    /// <summary>The OS user of the pooler; null when it is our own.</summary>
    public string? OsUser { get; }

    public string Main => Path.Combine(Root, "pgbouncer.ini");

    public string Databases => Path.Combine(Root, "databases.ini");

    public string Users => Path.Combine(Root, "userlist.txt");

    public string Access => Path.Combine(Root, "pg_hba.conf");

    public string PidFile => Path.Combine(Run, "pgbouncer.pid");

    public string Log => Path.Combine(Run, "pgbouncer.log");
}
