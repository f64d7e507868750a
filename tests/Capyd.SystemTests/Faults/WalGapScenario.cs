namespace Capyd.SystemTests.Faults;

/// <summary>The server has removed WAL that was not received: the gap is written down once, and the stream begins anew.</summary>
internal sealed class WalGapScenario : Scenario
{
    private int _gaps;

    public override string? JobType => null;

    public override async Task PrepareAsync(FaultGround ground)
    {
        await Until.TrueAsync("WAL is streamed", async () => await StreamsAsync(ground));
        _gaps = await WalKeepScenario.GapsAsync(ground);
        await ground.Daemon.KillAsync();
        await ground.Superuser.ExecuteAsync("postgres", "SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots WHERE active_pid IS NOT NULL");
        await ground.Superuser.ExecuteAsync("postgres", "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        for (var segment = 0; segment < 3; segment++)
        {
            await WalKeepScenario.SwitchAsync(ground);
        }

        await ground.Superuser.ExecuteAsync("postgres", "CHECKPOINT");
    }

    public override Task DriveAsync(FaultGround ground) => Task.CompletedTask;

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        await Until.TrueAsync("WAL is streamed again", async () => await StreamsAsync(ground));
        await WalKeepScenario.SwitchAsync(ground);
        await Until.TrueAsync("the gap has an end", async () => await ground.Daemon.Metadata.OneAsync("SELECT count(*) FROM wal_gaps WHERE to_lsn IS NULL") == "0");
        Assert.Equal(_gaps + 1, await WalKeepScenario.GapsAsync(ground));
    }

    private static async Task<bool> StreamsAsync(FaultGround ground) =>
        await ground.Superuser.OneAsync("postgres", "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'capyd' AND active") == "1";
}
