using System.Text;

namespace Capyd.SystemTests.Contract;

/// <summary>The events that a receiver is sent for previews, restores and imports (contract D.13).</summary>
[Collection(nameof(ContractGround))]
public sealed class EventTests(ContractGround ground)
{
    private ApiClient Api => ground.Api;

    [SystemFact]
    public async Task Previews_restores_and_imports_are_told_with_their_jobs()
    {
        await using var receiver = new Receiver();
        string[] types = ["preview.ready", "preview.deleted", "restore.completed", "import.completed"];
        var body = new JsonObject { ["url"] = receiver.Url, ["event_types"] = new JsonArray([.. types.Select(type => (JsonNode)type)]) };
        var endpoint = (await Api.PostAsync($"/v1/organizations/{ground.Organization}/webhook-endpoints", body)).Expect(201)["webhook_endpoint"].Text("id");
        var project = await Api.NewProjectAsync("Told of all");

        var made = (await Api.PostAsync($"/v1/projects/{project}/preview-databases", new JsonObject { ["name"] = "told" })).Expect(201);
        var ready = await ToldAsync(receiver, "preview.ready", made.JobId);
        Assert.Equal(("told", "ready"), (ready["preview"]!.Text("name"), ready["preview"]!.Text("state")));
        var deleted = (await Api.DeleteAsync($"/v1/preview-databases/{made["preview"].Text("id")}")).Expect(202);
        Assert.Equal(made["preview"].Text("id"), (await ToldAsync(receiver, "preview.deleted", deleted.JobId))["preview"]!.Text("id"));

        var key = (await Api.NewBackupAsync(project)).Text("backup_key");
        var restored = await Api.RestoreAsync(project, new JsonObject { ["backup_key"] = key });
        await ToldAsync(receiver, "restore.completed", restored.Expect(202).JobId);
        var upload = await Api.UploadAsync(project, Encoding.UTF8.GetBytes("CREATE TABLE told (id int);\n"));
        var imported = await Api.PostAsync($"/v1/projects/{project}/imports", new JsonObject { ["upload_key"] = upload });
        await ToldAsync(receiver, "import.completed", imported.Expect(202).JobId);
        (await Api.DeleteAsync($"/v1/organizations/{ground.Organization}/webhook-endpoints/{endpoint}")).Expect(200);
    }

    private static async Task<JsonNode> ToldAsync(Receiver receiver, string type, string job)
    {
        var told = await receiver.FirstAsync(call => call.Event == type && call.Json["data"]!["job"]!.Text("id") == job, 90);
        Assert.Equal("completed", told.Json["data"]!["job"]!.Text("state"));
        return told.Json["data"]!;
    }
}
