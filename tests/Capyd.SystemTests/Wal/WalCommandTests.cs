namespace Capyd.SystemTests.Wal;

/// <summary>The exit codes that PostgreSQL goes by: a wrong one makes it lose WAL, or promote with data lost.</summary>
public sealed class WalCommandTests
{
    [SystemFact]
    public async Task Fetch_tells_the_end_of_the_archive_from_everything_else()
    {
        await using var ground = await WalGround.CreateAsync();
        await ground.SwitchAsync();
        await ground.SwitchAsync();
        await ground.KeepsAsync(await ground.SwitchAsync());
        await ground.Superuser.ExecuteAsync("postgres", "SELECT pg_current_xact_id()");
        var next = (await ground.Superuser.OneAsync("postgres", "SELECT pg_walfile_name(pg_current_wal_insert_lsn())"))!;
        await Until.TrueAsync("the next segment is being received", () => Task.FromResult(
            Directory.GetFiles(ground.Spool, next + "*", SearchOption.AllDirectories).Length == 1));
        var target = Path.Combine(Machine.NewDirectory(), "segment");
        await ground.Daemon.TerminateAsync();

        Assert.Equal(0, await FetchAsync(ground, "000000010000000000000001", target));
        Assert.Equal(16 << 20, new FileInfo(target).Length);
        Assert.Equal(0, await FetchAsync(ground, next, target));
        Assert.Equal(1, await FetchAsync(ground, "0000000100000000000000F9", target));
        Assert.Equal(1, await FetchAsync(ground, "00000002.history", target));

        File.Delete(Directory.GetFiles(ground.KeptWal, "*0002.zst", SearchOption.AllDirectories).Single());
        Assert.Equal(255, await FetchAsync(ground, "000000010000000000000002", target));
        var first = Directory.GetFiles(ground.KeptWal, "*0001.zst", SearchOption.AllDirectories).Single();
        await using (var file = File.OpenWrite(first))
        {
            file.Position = file.Length / 2;
            file.Write("not what was there"u8);
        }

        Assert.Equal(255, await FetchAsync(ground, "000000010000000000000001", target));
        Assert.Equal(255, await FetchAsync(ground, "nonsense", target));
        Assert.Equal(255, await FetchAsync(ground, "000000010000000000000003", "/nowhere/segment"));
        Directory.Move(ground.Daemon.Repository, ground.Daemon.Repository + ".away");
        Assert.Equal(255, await FetchAsync(ground, "0000000100000000000000F9", target));
    }

    [SystemTheory]
    [InlineData(255, "wal")]
    [InlineData(255, "wal", "fetc", "a", "b")]
    [InlineData(255, "wal", "fetch")]
    [InlineData(255, "wal", "fetch", "000000010000000000000001")]
    [InlineData(255, "wal", "fetch", "--unknown", "000000010000000000000001", "/tmp/x")]
    [InlineData(255, "wal", "fetch", "000000010000000000000001", "/tmp/x", "--config", "/nowhere.yaml")]
    [InlineData(255, "wal", "fetch", "000000010000000000000001", "/tmp/x", "--data-dir", "/nowhere")]
    [InlineData(1, "wal", "push")]
    [InlineData(1, "wal", "push", "--unknown", "/tmp/x")]
    [InlineData(1, "wal", "push", "/nowhere/000000010000000000000001")]
    [InlineData(1, "wal", "push", "/tmp/x", "--config", "/nowhere.yaml")]
    public async Task What_is_wrong_with_the_call_has_a_safe_code(int code, params string[] arguments)
    {
        var result = await Command.RunAsync(Machine.Binary, arguments);
        Assert.Equal(code, result.ExitCode);
        Assert.NotEmpty(result.Errors);
    }

    [SystemFact]
    public async Task Push_keeps_a_segment_once_and_refuses_other_bytes()
    {
        await using var ground = await WalGround.CreateAsync();
        var end = await ground.SwitchAsync();
        await ground.KeepsAsync(end);
        var segment = Path.Combine(ground.Server.Data, "pg_wal", "000000010000000000000001");
        Assert.Equal(0, await PushAsync(ground, segment));

        var forged = Path.Combine(Machine.NewDirectory(), "000000010000000000000001");
        File.Copy(segment, forged);
        await using (var file = File.OpenWrite(forged))
        {
            file.Position = 100_000;
            file.Write("not what was there"u8);
        }

        Assert.Equal(1, await PushAsync(ground, forged));
        await ground.Daemon.TerminateAsync();
        var kept = Directory.GetFiles(ground.KeptWal, "*0001.zst", SearchOption.AllDirectories).Single();
        File.Delete(kept);
        await ground.Daemon.Metadata.ExecuteAsync("DELETE FROM wal_segments");
        Assert.Equal(0, await PushAsync(ground, segment));
        Assert.True(File.Exists(kept));
        Assert.Equal("000000010000000000000001", await ground.Daemon.Metadata.OneAsync("SELECT name FROM wal_segments"));
    }

    private static async Task<int> FetchAsync(WalGround ground, string name, string destination) => (await ground.Daemon.CommandAsync("wal", "fetch", name, destination)).ExitCode;

    private static async Task<int> PushAsync(WalGround ground, string path) => (await ground.Daemon.CommandAsync("wal", "push", path)).ExitCode;
}
