namespace Capyd.SystemTests.Faults;

/// <summary>No request: the daemon copies its metadata by its own clock, first when it starts and there is no copy.</summary>
internal sealed class MetadataScenario : Scenario
{
    public override string? JobType => null;

    public override Task PrepareAsync(FaultGround ground)
    {
        if (Directory.Exists(Folder(ground)))
        {
            Directory.Delete(Folder(ground), recursive: true);
        }

        return Task.CompletedTask;
    }

    public override Task DriveAsync(FaultGround ground) => Task.CompletedTask;

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        await Until.TrueAsync("there is a copy of the metadata", () => Task.FromResult(
            Directory.Exists(Folder(ground)) && Copies(ground).Any()));
        var plain = Path.Combine(Machine.NewDirectory(), "capyd.db");
        (await Command.RunAsync("zstd", "-q", "-d", "-o", plain, Copies(ground).First())).Good();
        Assert.Equal("ok", await new Metadata(plain).OneAsync("PRAGMA integrity_check"));
        Assert.Equal(ground.Project, await new Metadata(plain).OneAsync($"SELECT id FROM projects WHERE id = '{ground.Project}'"));
        Directory.Delete(Path.GetDirectoryName(plain)!, recursive: true);
    }

    private static IEnumerable<string> Copies(FaultGround ground) => Directory.EnumerateFiles(Folder(ground), "*.db.zst", SearchOption.AllDirectories);

    private static string Folder(FaultGround ground) => Path.Combine(ground.Daemon.Repository, "metadata");
}
