using System.Security.Cryptography;
using System.Text;

namespace Capyd.Postgres.Instances;

/// <summary>A Unix socket's path has a short limit; what is too deep gets another directory for its socket.</summary>
internal static class SocketDirectory
{
    /// <summary>sun_path holds 107 characters; the socket's own name takes up to 16 and a slash.</summary>
    private const int Longest = 107 - 17;

    public static string ShortEnough(string directory)
    {
        if (Encoding.UTF8.GetByteCount(directory) <= Longest)
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
