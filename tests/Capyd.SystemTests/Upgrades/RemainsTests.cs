namespace Capyd.SystemTests.Upgrades;

/// <summary>What really earlier builds left behind (<c>make-remains.sh</c>), taken over by this one on a host without their cluster.</summary>
public sealed class RemainsTests
{
    [SystemTheory]
    [InlineData("0001")]
    [InlineData("0009")]
    public async Task Metadata_and_repository_of_an_earlier_build_are_migrated_readable_and_restorable(string level)
    {
        await using var daemon = CapydDaemon.Embedded(Machine.NewDirectory());
        var remains = Path.Combine(Machine.Root, "tests", "Capyd.SystemTests", "Upgrades", $"remains-{level}.tar.gz");
        (await Command.RunAsync("tar", "-C", daemon.DataDirectory, "-xzf", remains)).Good();
        Assert.Equal(level, await LevelAsync(daemon));

        await daemon.StartAsync();

        Assert.True(string.CompareOrdinal(await LevelAsync(daemon), level) > 0);
        using var api = new ApiClient(daemon.Address, (await File.ReadAllTextAsync(Path.Combine(daemon.DataDirectory, "api-key"))).Trim());
        var project = Assert.Single((await api.GetAsync("/v1/projects")).Expect(200).Json.Objects("projects"));
        Assert.Equal(("shop", "ready"), (project.Text("slug"), project.Text("state")));
        Assert.Contains("capy_shop_", await api.UrlAsync(project.Text("id")), StringComparison.Ordinal);
        var backup = Assert.Single(await api.BackupsAsync(project.Text("id")));
        Assert.Equal("verified", backup.Text("verification_state"));
        Assert.NotEmpty((await api.GetAsync($"/v1/projects/{project.Text("id")}/jobs")).Expect(200).Json.Objects("jobs"));

        var preview = await api.NewPreviewAsync(project.Text("id"), backup.Text("backup_key"));
        Assert.Equal("1000 Stück 1000", await Tenant.OneAsync(await api.PreviewUrlAsync(preview), "SELECT count(*) || ' ' || max(what) FILTER (WHERE n = 1000) FROM sold"));
        Assert.Contains("the repository is sound", (await daemon.CommandAsync("repository", "check", "--read-data")).Good(), StringComparison.Ordinal);
    }

    private static async Task<string?> LevelAsync(CapydDaemon daemon) =>
        await daemon.Metadata.OneAsync("SELECT printf('%04d', user_version) FROM pragma_user_version");
}
