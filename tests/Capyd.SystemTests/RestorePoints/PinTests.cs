namespace Capyd.SystemTests.RestorePoints;

public sealed class PinTests : IAsyncLifetime
{
    private readonly CapydDaemon _daemon = CapydDaemon.Embedded(Machine.NewDirectory());

    public Task InitializeAsync() => Machine.Skips ? Task.CompletedTask : _daemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [SystemFact]
    public async Task Retention_leaves_a_labelled_backup_and_takes_its_neighbour()
    {
        using var api = await _daemon.ClientAsync();
        var project = await api.NewProjectAsync("Kept");
        var pinned = (await api.NewBackupAsync(project)).Text("backup_key");
        var plain = (await api.NewBackupAsync(project)).Text("backup_key");
        await api.NewBackupAsync(project);
        var point = (await api.PostAsync($"/v1/projects/{project}/restore-points", new JsonObject { ["label"] = "keep", ["backup_key"] = pinned }))["restore_point"].Text("id");

        await AgeAndTickAsync($"'{pinned}', '{plain}'", plain);
        Assert.Equal("completed", await StateAsync(pinned));
        Assert.True(File.Exists(Path.Combine(_daemon.Repository, pinned)));

        (await api.DeleteAsync($"/v1/projects/{project}/restore-points/{point}")).Expect(200);
        await AgeAndTickAsync($"'{pinned}'", pinned);
    }

    /// <summary>Work by the clock is first done when the daemon starts.</summary>
    private async Task AgeAndTickAsync(string aged, string expiring)
    {
        await _daemon.Metadata.ExecuteAsync($"UPDATE backups SET created_at = created_at - 40 * 86400000 WHERE backup_key IN ({aged})");
        await _daemon.KillAsync();
        await _daemon.StartAsync();
        await Until.TrueAsync($"{expiring} is expired", async () => await StateAsync(expiring) == "expired");
    }

    private Task<string?> StateAsync(string key) => _daemon.Metadata.OneAsync($"SELECT state FROM backups WHERE backup_key = '{key}'");
}
