namespace Capyd.SystemTests.Previews;

public sealed class ReaperTests : OwnDaemon
{
    [SystemFact]
    public async Task A_preview_whose_time_ended_while_the_daemon_was_down_is_ended_at_its_start_and_no_other()
    {
        using var api = await Daemon.ClientAsync();
        var project = await api.NewProjectAsync("Mortal");
        var (over, alive) = (await NewAsync(api, project), await NewAsync(api, project));
        await Daemon.KillAsync();
        await Daemon.Metadata.ExecuteAsync($"UPDATE previews SET ttl_expires_at = unixepoch() * 1000 - 1 WHERE id = '{over}'");
        await Daemon.StartAsync();
        await Until.TrueAsync("the expired one is gone", async () => (await api.GetAsync($"/v1/preview-databases/{over}")).Status == 404);
        Assert.Equal(alive, (await api.PreviewsAsync(project)).Single().Text("id"));
        await Tenant.ExecuteAsync(await api.PreviewUrlAsync(alive), "CREATE TABLE still_there ()");
    }

    private static async Task<string> NewAsync(ApiClient api, string project)
    {
        var reply = (await api.PostAsync($"/v1/projects/{project}/preview-databases", new JsonObject { ["mode"] = "empty" })).Expect(201);
        return (await api.CompletedAsync(reply.JobId)).Text("preview_database_id");
    }
}
