namespace Capyd.SystemTests.Contract;

/// <summary>The GitHub Action: curl and jq, one preview by name for each pull request (contract E.5).</summary>
[Collection(nameof(ContractGround))]
public sealed class ActionReplayTests(ContractGround ground)
{
    private WireClient Action => field ??= WireClient.Action(ground.Daemon.Address, ground.Api.Key);

    [SystemFact]
    public async Task A_rerun_finds_its_preview_by_name_resets_and_deletes_it()
    {
        var list = $"/v1/projects/{await ground.Api.NewProjectAsync("Action")}/preview-databases";
        var first = await CreateAsync(list, "pr-42");
        Assert.Equal(first, await CreateAsync(list, "pr-42"));
        var connections = (await Action.GetAsync($"/v1/preview-databases/{first}/connections")).Expect(200)["connections"];
        Assert.Equal("1", await Tenant.OneAsync(connections.Text("direct_url"), "SELECT 1"));
        await Action.CompletedAsync((await Action.SendAsync("POST", $"/v1/preview-databases/{first}/reset", "")).Expect(202));
        await Action.CompletedAsync((await Action.SendAsync("DELETE", $"/v1/preview-databases/{first}", "")).Expect(202));
        Assert.Null(await FindAsync(list, "pr-42"));
    }

    private async Task<string> CreateAsync(string list, string name)
    {
        if (await FindAsync(list, name) is { } found)
        {
            return found;
        }

        var created = (await Action.PostAsync(list, $$"""{"name":"{{name}}","mode":"clone","ttl_hours":72}""")).Expect(201);
        await Action.CompletedAsync(created);
        return created["preview"].Text("id");
    }

    private async Task<string?> FindAsync(string list, string name) =>
        (await Action.ListAsync(list, "preview_databases")).FirstOrDefault(row => row.Text("name") == name)?.Text("id");
}
