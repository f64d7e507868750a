using System.Security.Cryptography;
using System.Text;

namespace Capyd.Postgres.Instances;

/// <summary>The directories of the embedded server.</summary>
internal sealed class EmbeddedLayout
{
    /// <summary>sun_path holds 107 characters; the socket's own name takes up to 16 and a slash.</summary>
    private const int LongestSocketDirectory = 107 - 17;

    public EmbeddedLayout(EmbeddedSettings settings)
    {
        Root = Path.GetFullPath(settings.DataDirectory);
        Data = Path.Combine(Root, "pgdata");
        Unfinished = Path.Combine(Root, "pgdata.tmp");
        Log = Path.Combine(Root, "log");
        Run = ShortEnough(Path.Combine(Root, "run"));
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

    private static string ShortEnough(string directory)
    {
        if (Encoding.UTF8.GetByteCount(directory) <= LongestSocketDirectory)
        {
            return directory;
        }

        var name = "capyd-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)))[..16];
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return !Environment.IsPrivilegedProcess && Directory.Exists(runtime) && runtime.Length < 60
            ? Path.Combine(runtime, name)
            : Path.Combine("/tmp", name);
    }
}
