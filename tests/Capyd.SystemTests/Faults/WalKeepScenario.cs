using System.Globalization;

namespace Capyd.SystemTests.Faults;

/// <summary>A segment on its way from the spool into the repository and the metadata.</summary>
internal sealed class WalKeepScenario : Scenario
{
    private string _end = "";
    private int _gaps;

    public override string? JobType => null;

    public override async Task PrepareAsync(FaultGround ground) => _gaps = await GapsAsync(ground);

    public override async Task DriveAsync(FaultGround ground) => _end = await SwitchAsync(ground);

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        await SwitchAsync(ground);
        await Until.TrueAsync($"the archive reaches {_end}", async () => await ground.Superuser.OneAsync(
            "postgres", $"SELECT '{await EndAsync(ground)}'::pg_lsn >= '{_end}'::pg_lsn") == "True");
        Assert.Equal(_gaps, await GapsAsync(ground));
        await Until.TrueAsync("what is kept is written down", async () => (await NotWrittenDownAsync(ground)).Count == 0);
    }

    /// <summary>Ends a segment with something in it.</summary>
    public static async Task<string> SwitchAsync(FaultGround ground)
    {
        await ground.Superuser.ExecuteAsync("postgres", "SELECT pg_current_xact_id()");
        return (await ground.Superuser.OneAsync("postgres", "SELECT pg_switch_wal()::text"))!;
    }

    public static async Task<int> GapsAsync(FaultGround ground) =>
        int.Parse((await ground.Daemon.Metadata.OneAsync("SELECT count(*) FROM wal_gaps"))!, CultureInfo.InvariantCulture);

    private static async Task<string> EndAsync(FaultGround ground) =>
        (await ground.Daemon.Metadata.OneAsync("SELECT ranges FROM wal_archives"))!.Split('-') is [.., var end] && end.Contains('/', StringComparison.Ordinal) ? end : "0/0";

    private static async Task<IReadOnlyList<string>> NotWrittenDownAsync(FaultGround ground)
    {
        var rows = await ground.Daemon.Metadata.ListAsync("SELECT name || CASE is_partial WHEN 1 THEN '.partial' ELSE '' END FROM wal_segments");
        return [.. Directory.EnumerateFiles(Path.Combine(ground.Daemon.Repository, "wal"), "*.zst", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension).OfType<string>().Except(rows)];
    }
}
