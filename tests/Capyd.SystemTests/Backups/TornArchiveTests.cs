namespace Capyd.SystemTests.Backups;

/// <summary>The repository's files are damaged behind the daemon's back, between the dump and its proof.</summary>
public sealed class TornArchiveTests : IAsyncLifetime
{
    private readonly CapydDaemon _daemon = CapydDaemon.Embedded(Machine.NewDirectory());

    public async Task InitializeAsync()
    {
        if (!Machine.Skips)
        {
            await _daemon.StartAsync();
        }
    }

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [SystemFact]
    public async Task A_damaged_archive_fails_its_verification_and_is_not_restored_unasked()
    {
        using var api = await _daemon.ClientAsync();
        var project = await api.NewProjectAsync("Torn");
        await ProjectCalls.FillAsync(await api.UrlAsync(project));
        foreach (var damage in new Action<FileStream>[] { FlipByte, Truncate, Append })
        {
            await DamageAsync(api, project, damage);
        }
    }

    private async Task DamageAsync(ApiClient api, string project, Action<FileStream> damage)
    {
        await _daemon.KillAsync();
        await _daemon.StartAsync("backup.after_publish");
        var id = (await api.PostAsync($"/v1/projects/{project}/backups")).Expect(202).JobId;
        Assert.Equal(CapydDaemon.KilledExitCode, await _daemon.WaitForExitAsync());
        var key = await _daemon.Metadata.OneAsync($"SELECT backup_key FROM backups WHERE job_id = '{id}'");
        using (var file = new FileStream(Path.Combine(_daemon.Repository, key!), FileMode.Open, FileAccess.ReadWrite))
        {
            damage(file);
        }

        await _daemon.StartAsync();
        var job = await api.EndOfJobAsync(id);
        Assert.Equal("failed", job.Text("state"));
        Assert.Equal("permanent", job.Text("retry_classification"));
        var backup = (await api.BackupsAsync(project))[0];
        Assert.Equal("failed", backup.Text("verification_state"));
        Assert.NotEmpty(backup.Text("verification_error"));
        var refused = (await api.RestoreAsync(project, new JsonObject { ["backup_key"] = key })).Refused(400, "not verified");
        Assert.Contains("allow_unverified_backup", refused.Json.Text("hint"), StringComparison.Ordinal);
        var forced = await api.RestoreAsync(project, new JsonObject { ["backup_key"] = key, ["allow_unverified_backup"] = true });
        Assert.Equal("failed", (await api.EndOfJobAsync(forced.Expect(202).JobId)).Text("state"));
        Assert.Empty(await EmbeddedData.Superuser(_daemon.DataDirectory).ListAsync("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'capyd\\_%'"));
    }

    private static void FlipByte(FileStream file)
    {
        file.Position = file.Length / 2;
        var value = file.ReadByte();
        file.Position = file.Length / 2;
        file.WriteByte((byte)(value ^ 0x10));
    }

    private static void Truncate(FileStream file) => file.SetLength(file.Length / 2);

    private static void Append(FileStream file)
    {
        file.Position = file.Length;
        file.Write(new byte[64]);
    }
}
