namespace Capyd.Postgres.Instances;

/// <summary>The directories of the embedded server.</summary>
internal sealed class EmbeddedLayout
{
    public EmbeddedLayout(EmbeddedSettings settings)
    {
        Root = Path.GetFullPath(settings.DataDirectory);
        Data = Path.Combine(Root, "pgdata");
        Unfinished = Path.Combine(Root, "pgdata.tmp");
        Log = Path.Combine(Root, "log");
        Run = SocketDirectory.ShortEnough(Path.Combine(Root, "run"));
        OsUser = Environment.IsPrivilegedProcess ? settings.OsUserWhenRoot : null;
    }

    public string Root { get; }

    public string Data { get; }

    /// <summary>Where initdb works; renamed to <see cref="Data"/> when it is complete.</summary>
    public string Unfinished { get; }

    public string Log { get; }

    /// <summary>The socket's directory.</summary>
    public string Run { get; }

    /// <summary>The OS user of the server; null when it is our own.</summary>
    public string? OsUser { get; }

    public string StartupLog => Path.Combine(Log, "startup.log");
}
