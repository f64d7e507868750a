using System.Globalization;

namespace Capyd.SystemTests.Kit;

/// <summary>The embedded server as it lies below a data directory.</summary>
internal static class EmbeddedData
{
    private static readonly ClusterTemplate s_template = new(async root =>
    {
        var daemon = CapydDaemon.Embedded(root);
        await daemon.StartAsync();
        Assert.Equal(0, await daemon.TerminateAsync());
        File.Delete(Path.Combine(Data(root), "capyd.conf")); // which has the port
        return Data(root);
    });

    private static string Data(string dataDirectory) => Path.Combine(dataDirectory, "postgres", "pgdata");

    /// <summary>A superuser's door to the running server.</summary>
    public static Superuser Superuser(string dataDirectory)
    {
        var lines = File.ReadAllLines(Path.Combine(Data(dataDirectory), "postmaster.pid"));
        return new Superuser(lines[4], int.Parse(lines[3], CultureInfo.InvariantCulture));
    }

    /// <summary>A cluster of which the first start of a daemon has only to take possession.</summary>
    public static Task PlaceAsync(string dataDirectory)
    {
        Directory.CreateDirectory(Path.Combine(dataDirectory, "postgres"));
        return s_template.CopyAsync(Data(dataDirectory));
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
