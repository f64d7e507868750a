namespace Capyd.SystemTests.Faults;

/// <param name="change">enable, disable or update.</param>
internal sealed class ExtensionScenario(string change) : Scenario
{
    private const string Name = "earthdistance";
    private JsonObject _project = [];

    public override string JobType => $"project.extension_{change}";

    private string Extensions => $"/v1/projects/{_project.Text("id")}/extensions";

    public override async Task PrepareAsync(FaultGround ground)
    {
        _project = await ground.Api.ProjectAsync(await ground.Api.NewProjectAsync("Extended"));
        if (change == "update")
        {
            await ground.Superuser.ExecuteAsync(_project.Text("database_name"), "CREATE EXTENSION hstore SCHEMA public VERSION '1.4'");
        }
        else if (change == "disable")
        {
            await ground.Api.CompletedAsync(await EnableAsync(ground));
        }
    }

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(change switch
    {
        "enable" => EnableAsync(ground),
        "disable" => ground.Api.DeleteAsync($"{Extensions}/{Name}"),
        _ => ground.Api.PostAsync($"{Extensions}/hstore/update"),
    });

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        var list = (await ground.Api.GetAsync(Extensions)).Expect(200).Json.Objects("extensions").ToDictionary(extension => extension.Text("name"));
        Assert.Equal(change == "enable", list[Name]["enabled"]!.GetValue<bool>());
        Assert.False(list["hstore"]["update_available"]!.GetValue<bool>());
        Assert.Equal(change == "update", list["hstore"]["enabled"]!.GetValue<bool>());
        Assert.Equal("1", await Tenant.OneAsync(await ground.Api.UrlAsync(_project.Text("id")), "SELECT 1"));
    }

    private Task<Reply> EnableAsync(FaultGround ground) => ground.Api.PostAsync(Extensions, new JsonObject { ["name"] = Name });
}
