namespace Capyd.SystemTests.Metrics;

[Collection(nameof(EmbeddedDaemon))]
public sealed class MetricsTests(EmbeddedDaemon embedded)
{
    [SystemFact]
    public async Task Every_line_is_as_Prometheus_reads_it_and_the_figures_are_right()
    {
        var project = await embedded.Api.NewProjectAsync("Measured");
        await embedded.Api.NewBackupAsync(project);

        using var nobody = new ApiClient(embedded.Daemon.Address, null);
        var reply = (await nobody.GetAsync("/metrics")).Expect(200);
        Assert.StartsWith("text/plain; version=0.0.4", reply.Headers["Content-Type"], StringComparison.Ordinal);
        var metrics = Exposition.Parse(reply.Text);
        Assert.Equal(1, metrics["capyd_postgres_up"]);
        Assert.True(metrics["capyd_backups{state=\"completed\",verification=\"verified\"}"] >= 1);
        Assert.True(metrics["capyd_backup_bytes"] > 0);
        Assert.InRange(metrics[$"capyd_backup_last_verified_age_seconds{{project=\"{project}\"}}"], 0, 60);
        Assert.True(metrics["capyd_job_duration_seconds_count{type=\"project.backup\",outcome=\"completed\"}"] >= 1);
        Assert.True(metrics["capyd_jobs{state=\"completed\"}"] >= 2);
        Assert.InRange(metrics["process_resident_memory_bytes"], 1 << 20, 4L << 30);
        Assert.True(metrics["capyd_disk_free_bytes{directory=\"repository\"}"] > 0);
        Assert.DoesNotContain("Measured", reply.Text, StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task Who_comes_through_a_proxy_needs_a_key_of_the_whole_organization()
    {
        var project = await embedded.Api.NewProjectAsync("Proxied");
        using var nobody = new ApiClient(embedded.Daemon.Address, null);
        (await nobody.SendAsync(HttpMethod.Get, "/metrics", null, ("X-Forwarded-For", "1.1.1.1"))).Refused(401, "credential is missing");
        using var poor = await embedded.Daemon.ClientAsync("projects:read");
        (await poor.GetAsync("/metrics")).Refused(403, "organizations:read");
        using var bound = new ApiClient(embedded.Daemon.Address, await embedded.Daemon.NewKeyAsync(project: project));
        (await bound.GetAsync("/metrics")).Refused(403, "organization-wide");

        using var reader = await embedded.Daemon.ClientAsync("organizations:read");
        var reply = await reader.SendAsync(HttpMethod.Get, "/metrics", null, ("X-Forwarded-For", "1.1.1.1"));
        Assert.NotEmpty(Exposition.Parse(reply.Expect(200).Text).Families);
    }
}
