using System.Net;
using System.Net.Sockets;

namespace Capyd.SystemTests.Pooling;

/// <summary>The pooler's process: how it comes, dies, survives and goes.</summary>
public sealed class PoolerLifeTests : IAsyncLifetime
{
    private readonly CapydDaemon _daemon = PooledDaemon.New();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [SystemFact]
    public async Task A_killed_pooler_comes_back_and_a_stopped_daemon_takes_it_along()
    {
        var (api, url) = await ProjectAsync();
        using var _ = api;
        var first = Assert.Single(PoolerData.Pids(_daemon.DataDirectory));
        PoolerData.Kill(first);
        await Until.TrueAsync("another pooler runs", () => Task.FromResult(PoolerData.Pids(_daemon.DataDirectory) is [var next] && next != first));
        await Until.TrueAsync("it serves", async () => (await api.GetAsync("/status")).Text.Contains("\"Connection pooler\",\"status\":\"operational\"", StringComparison.Ordinal));
        Assert.Equal("1", await Tenant.OneAsync(url, "SELECT 1"));
        Assert.Equal(0, await _daemon.TerminateAsync());
        Assert.Empty(PoolerData.Pids(_daemon.DataDirectory));
    }

    [SystemFact]
    public async Task After_a_killed_daemon_the_next_one_takes_the_same_pooler_over_and_its_clients_go_on()
    {
        var (api, url) = await ProjectAsync();
        using var _ = api;
        var pid = Assert.Single(PoolerData.Pids(_daemon.DataDirectory));
        await using var client = await Tenant.OpenAsync(url);
        await client.ExecuteAsync("BEGIN; CREATE TABLE across (n int)");
        await _daemon.KillAsync();
        Assert.Equal("1", await Tenant.OneAsync(url, "SELECT 1"));
        await _daemon.StartAsync();
        await api.PoolerAsync("operational");
        Assert.Equal([pid], PoolerData.Pids(_daemon.DataDirectory));
        await client.ExecuteAsync("COMMIT");
        var later = await api.PooledUrlAsync(await api.NewProjectAsync("Later"));
        Assert.Equal("1", await Tenant.OneAsync(later, "SELECT 1"));
        PoolerData.Kill(pid);
        await Until.TrueAsync("another pooler runs", () => Task.FromResult(PoolerData.Pids(_daemon.DataDirectory) is [var next] && next != pid));
        Assert.Equal(0, await _daemon.TerminateAsync());
        Assert.Empty(PoolerData.Pids(_daemon.DataDirectory));
    }

    [SystemFact]
    public async Task A_pooler_with_an_old_configuration_is_replaced()
    {
        var (api, _) = await ProjectAsync();
        using var __ = api;
        var pid = Assert.Single(PoolerData.Pids(_daemon.DataDirectory));
        await _daemon.KillAsync();
        await File.AppendAllTextAsync(Path.Combine(_daemon.DataDirectory, "pooler", "pgbouncer.ini"), "; of another version\n");
        await _daemon.StartAsync();
        await api.PoolerAsync("operational");
        Assert.NotEqual(pid, Assert.Single(PoolerData.Pids(_daemon.DataDirectory)));
    }

    [SystemFact]
    public async Task Where_it_is_not_installed_the_status_says_so_and_there_is_no_pooled_url()
    {
        await using var daemon = PooledDaemon.New(("CAPYD_POOLER_ENABLED", "auto"), ("CAPYD_POOLER_BIN", "/nowhere/pgbouncer"));
        await daemon.StartAsync();
        using var api = await daemon.ClientAsync();
        var pooler = await api.PoolerAsync("not installed");
        Assert.Contains("/nowhere/pgbouncer", pooler.Text("message"), StringComparison.Ordinal);
        Assert.Equal("operational", (await api.GetAsync("/status")).Json.Text("status"));
        var project = await api.NewProjectAsync("Direct only");
        Assert.Null(await api.PooledUrlOrNullAsync(project));
        Assert.Equal("1", await Tenant.OneAsync(await api.UrlAsync(project), "SELECT 1"));
    }

    [SystemFact]
    public async Task A_taken_port_is_told_and_the_pooler_comes_when_it_is_free()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var daemon = PooledDaemon.New(("CAPYD_POOLER_PORT", port.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await daemon.StartAsync();
        using var api = await daemon.ClientAsync();
        await api.PoolerAsync("down", "ddress already in use");
        Assert.Equal("degraded", (await api.GetAsync("/status")).Json.Text("status"));
        taken.Stop();
        await api.PoolerAsync("operational");
    }

    [SystemFact]
    public async Task With_a_certificate_clients_have_to_use_tls()
    {
        var directory = Machine.NewDirectory();
        var (certificate, key) = (Path.Combine(directory, "crt"), Path.Combine(directory, "key"));
        (await Command.RunAsync("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2", "-keyout", key, "-out", certificate)).Good();
        (await Command.RunAsync("chown", "postgres", key, certificate)).Good();
        await using var daemon = PooledDaemon.New(("CAPYD_POOLER_TLS_CERT_FILE", certificate), ("CAPYD_POOLER_TLS_KEY_FILE", key));
        await daemon.StartAsync();
        using var api = await daemon.ClientAsync();
        await api.PoolerAsync("operational");
        var url = await api.PooledUrlAsync(await api.NewProjectAsync("Secret"));
        Assert.EndsWith("?sslmode=require", url, StringComparison.Ordinal);
        Assert.Equal("1", (await Command.RunAsync("psql", "-X", "-At", "-c", "SELECT 1", url)).Good());
        Assert.NotEqual(0, (await Command.RunAsync("psql", "-X", "-c", "SELECT 1", url.Replace("=require", "=disable", StringComparison.Ordinal))).ExitCode);
        Directory.Delete(directory, recursive: true);
    }

    [SystemFact]
    public async Task When_it_is_switched_off_what_a_killed_daemon_left_is_ended()
    {
        var (api, url) = await ProjectAsync();
        using var _ = api;
        await _daemon.KillAsync();
        Assert.Single(PoolerData.Pids(_daemon.DataDirectory));
        var off = (await Command.RunAsync(
            "timeout", new Dictionary<string, string> { ["CAPYD_POOLER_ENABLED"] = "false" }, "-s", "TERM", "20", Machine.Binary,
            "serve", "--embedded", "--data-dir", _daemon.DataDirectory, "--listen", $"http://127.0.0.1:{Machine.FreePort()}"));
        Assert.Equal(124, off.ExitCode);
        Assert.Empty(PoolerData.Pids(_daemon.DataDirectory));
        await Assert.ThrowsAnyAsync<Exception>(() => Tenant.OpenAsync(url));
    }

    private async Task<(ApiClient Api, string Url)> ProjectAsync()
    {
        await _daemon.StartAsync();
        var api = await _daemon.ClientAsync();
        await api.PoolerAsync("operational");
        return (api, await api.PooledUrlAsync(await api.NewProjectAsync("Lives")));
    }
}
