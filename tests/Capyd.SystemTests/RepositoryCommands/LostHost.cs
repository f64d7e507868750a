using System.Globalization;
using Capyd.SystemTests.Recovery;

namespace Capyd.SystemTests.RepositoryCommands;

/// <summary>A host that is gone: what it had put into its repository is all that is left. Marks were written before and after two base
/// backups, some into a tablespace, with a named point between them.</summary>
public sealed class LostHost : IAsyncLifetime
{
    public const string Point = "before the fourth";
    private readonly string _tablespace = Machine.NewDirectory();

    public CapydDaemon Daemon { get; } = CapydDaemon.Embedded(Machine.NewDirectory(), ("CAPYD_PITR_ENABLED", "true"));

    /// <summary>When the marks 1, 2 and 3 were there, and no other.</summary>
    public string AfterThird { get; private set; } = "";

    /// <summary>The segment of that moment, between two base backups.</summary>
    public string ThirdSegment { get; private set; } = "";

    public string Project { get; private set; } = "";

    public string BackupKey { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (Machine.Skips)
        {
            return;
        }

        await Daemon.StartAsync();
        using var api = await Daemon.ClientAsync();
        var sql = EmbeddedData.Superuser(Daemon.DataDirectory);
        (await Command.RunAsync("chown", "postgres", _tablespace)).Good();
        await sql.ExecuteAsync("postgres", $"CREATE TABLESPACE far LOCATION '{_tablespace}'");
        await sql.ExecuteAsync("postgres", "CREATE TABLE marks (n int); CREATE TABLE far_marks (n int) TABLESPACE far");
        Project = await api.NewProjectAsync("Shop");
        BackupKey = (await api.NewBackupAsync(Project)).Text("backup_key");
        await MarkAsync(sql, 1);
        await PitrGround.BaseBackupAsync(api);
        await MarkAsync(sql, 2);
        await MarkAsync(sql, 3);
        AfterThird = (await sql.OneAsync("postgres", "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"))!;
        ThirdSegment = (await sql.OneAsync("postgres", "SELECT pg_walfile_name(pg_current_wal_lsn())"))!;
        await sql.ExecuteAsync("postgres", $"SELECT pg_create_restore_point('{Point}')");
        await MarkAsync(sql, 4);
        await sql.ExecuteAsync("postgres", "SELECT pg_switch_wal()");
        await MarkAsync(sql, 5);
        await PitrGround.BaseBackupAsync(api);
        await MarkAsync(sql, 6);
        var end = await sql.OneAsync("postgres", "SELECT pg_walfile_name(pg_current_wal_lsn())");
        await sql.ExecuteAsync("postgres", "SELECT pg_switch_wal()");
        await Until.TrueAsync($"{end} is kept and written down", async () => SegmentIn(Daemon.Repository, end!) is not null && await IsWrittenDownAsync(end!));
        await Daemon.TerminateAsync();
    }

    public async Task DisposeAsync()
    {
        await Daemon.DisposeAsync();
        Directory.Delete(_tablespace, recursive: true);
    }

    /// <summary>Null when it is not there.</summary>
    public static string? SegmentIn(string repository, string name) => Directory.Exists(Path.Combine(repository, "wal"))
        ? Directory.EnumerateFiles(Path.Combine(repository, "wal"), name + ".zst", SearchOption.AllDirectories).SingleOrDefault() : null;

    public static void Flip(string file, long? at = null)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[at ?? (bytes.Length / 2)] ^= 0x10;
        File.WriteAllBytes(file, bytes);
    }

    public static Task<CommandResult> CapydAsync(params string[] arguments) => Command.RunAsync(Machine.Binary, arguments);

    /// <summary>The row comes after the file; a daemon that ends between the two makes up for it at its next start, and this one has none.</summary>
    private async Task<bool> IsWrittenDownAsync(string segment) =>
        await new Metadata(Path.Combine(Daemon.DataDirectory, "capyd.db")).OneAsync($"SELECT count(*) FROM wal_segments WHERE name = '{segment}'") is "1";

    private static async Task MarkAsync(Superuser sql, int n) =>
        await sql.ExecuteAsync("postgres", string.Create(CultureInfo.InvariantCulture, $"INSERT INTO marks VALUES ({n}); INSERT INTO far_marks VALUES ({n})"));
}
