namespace Capyd.SystemTests.Backups;

/// <summary>The repository's files are damaged behind the daemon's back, between the dump and its proof.</summary>
public sealed class TornArchiveTests : OwnDaemon
{
    [SystemFact]
    public async Task A_damaged_archive_fails_its_verification_and_is_not_restored_unasked()
    {
        using var api = await Daemon.ClientAsync();
        var project = await api.NewProjectAsync("Torn");
        await ProjectCalls.FillAsync(await api.UrlAsync(project));
        foreach (var damage in new Action<FileStream>[] { FlipByte, Truncate, Append })
        {
            await DamageAsync(api, project, damage);
        }
    }

    private async Task DamageAsync(ApiClient api, string project, Action<FileStream> damage)
    {
        await Daemon.KillAsync();
        await Daemon.StartAsync("backup.after_publish");
        var id = (await api.PostAsync($"/v1/projects/{project}/backups")).Expect(202).JobId;
        Assert.Equal(CapydDaemon.KilledExitCode, await Daemon.WaitForExitAsync());
        var key = await Daemon.Metadata.OneAsync($"SELECT backup_key FROM backups WHERE job_id = '{id}'");
        using (var file = new FileStream(Path.Combine(Daemon.Repository, key!), FileMode.Open, FileAccess.ReadWrite))
        {
            damage(file);
        }

        await Daemon.StartAsync();
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
        Assert.Empty(await Superuser.ListAsync("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'capyd\\_%'"));
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
