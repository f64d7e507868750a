using System.Globalization;

namespace Capyd.SystemTests.Kit;

/// <summary>The embedded server as it lies below a data directory.</summary>
internal static class EmbeddedData
{
    private static string Data(string dataDirectory) => Path.Combine(dataDirectory, "postgres", "pgdata");

    /// <summary>A superuser's door to the running server.</summary>
    public static Superuser Superuser(string dataDirectory)
    {
        var lines = File.ReadAllLines(Path.Combine(Data(dataDirectory), "postmaster.pid"));
        return new Superuser(lines[4], int.Parse(lines[3], CultureInfo.InvariantCulture));
    }

    /// <summary>Stops it if a killed daemon left it running.</summary>
    public static async Task StopAsync(string dataDirectory)
    {
        if (File.Exists(Path.Combine(Data(dataDirectory), "postmaster.pid")))
        {
            await Command.AsPostgresAsync(Path.Combine(Machine.PostgresBin, "pg_ctl"), "stop", "-m", "immediate", "-w", "-D", Data(dataDirectory));
        }
    }
}
