namespace Capyd.SystemTests.RestorePoints;

public sealed class PinTests : OwnDaemon
{
    [SystemFact]
    public async Task Retention_leaves_a_labelled_backup_and_takes_its_neighbour()
    {
        using var api = await Daemon.ClientAsync();
        var project = await api.NewProjectAsync("Kept");
        var pinned = (await api.NewBackupAsync(project)).Text("backup_key");
        var plain = (await api.NewBackupAsync(project)).Text("backup_key");
        await api.NewBackupAsync(project);
        var point = (await api.PostAsync($"/v1/projects/{project}/restore-points", new JsonObject { ["label"] = "keep", ["backup_key"] = pinned }))["restore_point"].Text("id");

        await AgeAndTickAsync($"'{pinned}', '{plain}'", plain);
        Assert.Equal("completed", await StateAsync(pinned));
        Assert.True(File.Exists(Path.Combine(Daemon.Repository, pinned)));

        (await api.DeleteAsync($"/v1/projects/{project}/restore-points/{point}")).Expect(200);
        await AgeAndTickAsync($"'{pinned}'", pinned);
    }

    /// <summary>Work by the clock is first done when the daemon starts.</summary>
    private async Task AgeAndTickAsync(string aged, string expiring)
    {
        await Daemon.Metadata.ExecuteAsync($"UPDATE backups SET created_at = created_at - 40 * 86400000 WHERE backup_key IN ({aged})");
        await Daemon.KillAsync();
        await Daemon.StartAsync();
        await Until.TrueAsync($"{expiring} is expired", async () => await StateAsync(expiring) == "expired");
    }

    private Task<string?> StateAsync(string key) => Daemon.Metadata.OneAsync($"SELECT state FROM backups WHERE backup_key = '{key}'");
}
