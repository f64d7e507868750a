namespace Capyd.SystemTests.Status;

/// <summary>What operators ask: is all that capyd needs there, and is all safe.</summary>
[Collection(nameof(EmbeddedDaemon))]
public sealed class DoctorTests(EmbeddedDaemon embedded)
{
    private CapydDaemon Daemon => embedded.Daemon;

    [SystemFact]
    public async Task The_doctor_sees_the_host_from_inside_the_daemon()
    {
        var report = JsonNode.Parse((await Daemon.CommandAsync("doctor", "--json")).Output)!;
        Assert.Equal("daemon", report.Text("examined_by"));
        var findings = report.Objects("findings").ToDictionary(finding => finding.Text("check"), finding => finding.Text("result"));
        foreach (var good in new[] { "daemon", "PostgreSQL", "client programs", "database role", "primary", "logins with a password", "WAL settings", "secret key", "state directory", "repository" })
        {
            Assert.Equal((good, "pass"), (good, findings[good]));
        }
    }

    [SystemFact]
    public async Task Each_finding_that_is_not_good_has_a_way_out()
    {
        var report = (await Daemon.CommandAsync("doctor", "--json")).Output;
        Assert.All(JsonNode.Parse(report)!.Objects("findings"), finding => Assert.True(finding.Text("result") == "pass" || finding["mend"] is not null, report));
    }

    [SystemFact]
    public async Task What_is_said_of_the_host_is_not_for_keys() =>
        (await embedded.Api.GetAsync("/v1/doctor")).Refused(403, "for its operators");

    [SystemFact]
    public async Task Without_a_daemon_the_doctor_looks_itself_and_fails()
    {
        var empty = Machine.NewDirectory();
        var answer = await Command.RunAsync(Machine.Binary, "doctor", "--data-dir", empty);
        Directory.Delete(empty, recursive: true);
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("fail  daemon", answer.Output, StringComparison.Ordinal);
        Assert.Contains("> systemctl start capyd", answer.Output, StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task The_status_names_the_project_that_has_no_proven_backup_until_it_has_one()
    {
        var project = await embedded.Api.NewProjectAsync("Watched over");
        var before = await Daemon.CommandAsync("status", "--check");
        Assert.Equal(1, before.ExitCode);
        Assert.Contains("watched-over: there is no proven backup: capyd backups create watched-over", before.Output, StringComparison.Ordinal);
        (await Daemon.CommandAsync("backups", "create", project)).Good();
        Assert.DoesNotContain("watched-over: there is no", (await Daemon.CommandAsync("status")).Good(), StringComparison.Ordinal);
    }
}
