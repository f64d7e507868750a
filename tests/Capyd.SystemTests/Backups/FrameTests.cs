using Capyd.SystemTests.RepositoryCommands;

namespace Capyd.SystemTests.Backups;

/// <summary>An archive of several frames: tables large enough to have one of their own.</summary>
public sealed class FrameTests : OwnDaemon
{
    private const string Large = """
        CREATE TABLE orders AS SELECT n AS id, md5(n::text) || md5((n % 999)::text) AS customer FROM generate_series(1, 150000) n;
        CREATE TABLE notes AS SELECT n AS id, md5((n * 7)::text) || repeat(' ', 60) AS body FROM generate_series(1, 120000) n;
        CREATE TABLE alike AS SELECT n AS id, repeat(' ', 84) AS filler FROM generate_series(1, 120000) n;
        ALTER TABLE orders ADD PRIMARY KEY (id);
        """;

    [SystemFact]
    public async Task Each_frame_is_proven_by_itself_and_all_of_them_are_one_archive()
    {
        using var api = await Daemon.ClientAsync();
        var project = await api.NewProjectAsync("Frames");
        var url = await api.UrlAsync(project);
        await Tenant.ExecuteAsync(url, Large);
        var content = await ProjectCalls.ContentAsync(url);
        var backup = await api.NewBackupAsync(project);
        var key = backup.Text("backup_key");
        var (archive, manifest) = (Path.Combine(Daemon.Repository, key), Path.Combine(Daemon.Repository, key + ".json"));
        var frames = JsonNode.Parse(await File.ReadAllTextAsync(manifest))!["frames"]!.AsArray();
        Assert.Equal(3, frames.Count);
        await RestoredAsync(api, project, key, content);

        var damaged = (long)frames[1]!["stored_at"]! + 200;
        LostHost.Flip(archive, damaged);
        var job = await api.EndOfJobAsync((await api.RestoreAsync(project, new JsonObject { ["backup_key"] = key })).Expect(202).JobId);
        Assert.Equal("failed", job.Text("state"));
        Assert.Contains($"frame at byte {frames[1]!["stored_at"]}", job.ToString(), StringComparison.Ordinal);
        LostHost.Flip(archive, damaged);

        // As manifests were before there were frames.
        var old = JsonNode.Parse(await File.ReadAllTextAsync(manifest))!.AsObject();
        old.Remove("frames");
        await File.WriteAllTextAsync(manifest, old.ToJsonString());
        await RestoredAsync(api, project, key, content);
    }

    private static async Task RestoredAsync(ApiClient api, string project, string key, string? content)
    {
        var restore = await api.RestoreAsync(project, new JsonObject { ["backup_key"] = key });
        await api.CompletedAsync(restore.Expect(202).JobId);
        var preview = (await api.PreviewsAsync(project))[0].Text("id");
        Assert.Equal(content, await ProjectCalls.ContentAsync(await api.PreviewUrlAsync(preview)));
        await api.CompletedAsync((await api.DeleteAsync($"/v1/preview-databases/{preview}")).Expect(202).JobId);
    }
}
