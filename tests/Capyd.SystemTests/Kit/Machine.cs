using System.Net;
using System.Net.Sockets;

namespace Capyd.SystemTests.Kit;

/// <summary>What the machine must have for these tests, and where it is.</summary>
public static class Machine
{
    private const string Versions = "/usr/lib/postgresql";

    /// <summary>The checkout.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>The published daemon under test: <c>CAPYD_BINARY</c>, else <c>artifacts/capyd</c> of the checkout.</summary>
    public static string Binary { get; } = Environment.GetEnvironmentVariable("CAPYD_BINARY") ?? Path.Combine(Root, "artifacts", "capyd");

    /// <summary>e.g. /usr/lib/postgresql/15/bin</summary>
    public static string PostgresBin { get; } = Directory.Exists(Versions)
        ? Path.Combine(Directory.GetDirectories(Versions).OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var major) ? major : 0).First(), "bin")
        : "";

    public static bool InCi { get; } = Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Why the tests cannot run here; null when they can.</summary>
    public static string? Missing { get; } =
        !Environment.IsPrivilegedProcess ? "system tests start PostgreSQL as another user, and for that they have to be root"
        : !File.Exists(Path.Combine(PostgresBin, "postgres")) ? $"there is no PostgreSQL server below {Versions}"
        : null;

    /// <summary>A laptop without PostgreSQL skips; CI fails.</summary>
    public static bool Skips => Missing is not null && !InCi;

    /// <summary>Fails with what is missing.</summary>
    public static void Require()
    {
        if (Missing is { } missing)
        {
            throw new InvalidOperationException(missing);
        }

        if (!File.Exists(Binary))
        {
            throw new InvalidOperationException($"there is no capyd at {Binary}: publish it there (dotnet publish src/Capyd -r linux-x64), or name another in CAPYD_BINARY");
        }
    }

    /// <summary>A new directory below /tmp that the OS user postgres may enter.</summary>
    public static string NewDirectory()
    {
        var directory = Directory.CreateTempSubdirectory("capyd-test-").FullName;
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        return directory;
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string FindRoot(string from) =>
        File.Exists(Path.Combine(from, "capyd.sln")) ? from : FindRoot(Directory.GetParent(from)!.FullName);
}
