namespace Capyd.SystemTests.Backups;

[Collection(nameof(EmbeddedDaemon))]
public sealed class ScheduleTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task The_one_schedule_of_a_project_is_replaced_as_a_whole()
    {
        var path = $"/v1/projects/{await Api.NewProjectAsync("Scheduled")}/scheduled-backups";
        Assert.Empty((await Api.GetAsync(path)).Expect(200).Json.Objects("scheduled_backups"));
        var first = (await Api.PutAsync($"{path}/default", Schedule(3, 15, retention: 30))).Expect(200)["scheduled_backup"];
        Assert.Equal((3, 15, 30), (first.Number("cron_hour"), first.Number("cron_minute"), first.Number("retention_days")));
        Assert.Equal("default", first.Text("label"));
        var second = (await Api.PutAsync($"{path}/default", Schedule(4, 0, active: false))).Expect(200)["scheduled_backup"];
        Assert.Equal(first.Text("id"), second.Text("id"));
        Assert.Equal(14, second.Number("retention_days"));
        Assert.False(second["is_active"]!.GetValue<bool>());
        Assert.Equal(14, (await Api.PutAsync($"{path}/default", Schedule(4, 0, retention: 0))).Expect(200)["scheduled_backup"].Number("retention_days"));
        Assert.Single((await Api.GetAsync(path)).Expect(200).Json.Objects("scheduled_backups"));
    }

    [SystemTheory]
    [InlineData("""{"cron_hour":24,"cron_minute":0,"is_active":true}""", "cron_hour")]
    [InlineData("""{"cron_minute":0,"is_active":true}""", "cron_hour")]
    [InlineData("""{"cron_hour":1,"cron_minute":60,"is_active":true}""", "cron_minute")]
    [InlineData("""{"cron_hour":1,"cron_minute":0}""", "is_active")]
    [InlineData("""{"cron_hour":1,"cron_minute":0,"is_active":true,"retention_days":366}""", "retention_days")]
    [InlineData("""{"cron_hour":1,"cron_minute":0,"is_active":true,"retention_days":-1}""", "retention_days")]
    [InlineData("""{"cron_hour":"1","cron_minute":0,"is_active":true}""", "cron_hour")]
    public async Task A_bad_field_is_named(string body, string field)
    {
        var project = (await Api.GetAsync("/v1/projects")).Json.Objects("projects") is [var any, ..] ? any.Text("id") : await Api.NewProjectAsync("Unscheduled");
        (await Api.PutAsync($"/v1/projects/{project}/scheduled-backups/default", JsonNode.Parse(body)!)).Refused(400, field);
    }

    private static JsonObject Schedule(int hour, int minute, bool active = true, int? retention = null) => new()
    {
        ["cron_hour"] = hour, ["cron_minute"] = minute, ["is_active"] = active, ["retention_days"] = retention,
    };
}
