using System.Net.Sockets;

namespace Capyd.SystemTests.Client;

/// <summary>The Unix socket: who is let in without a key, and what a dead or living daemon leaves of it.</summary>
public sealed class SocketTests() : OwnDaemon(("CAPYD_OPERATOR_GROUP", "postgres"))
{
    private string Path => System.IO.Path.Combine(Daemon.DataDirectory, "capyd.sock");

    [SystemFact]
    public async Task Root_and_the_operator_group_need_no_key_and_others_are_refused()
    {
        Assert.Equal("660 postgres", (await Command.RunAsync("stat", "-c", "%a %G", Path)).Good());
        var root = await MeAsync("root");
        Assert.Equal("admin_token", root["principal"]!.Text("auth_source"));
        Assert.True(root["principal"]!["is_admin"]!.GetValue<bool>());
        Assert.Equal("local", root["organization"]!.Text("slug"));
        Assert.Equal("admin_token", (await MeAsync("postgres"))["principal"]!.Text("auth_source"));
        Assert.Equal("", (await CurlAsync("nobody")).Output);
        File.SetUnixFileMode(Path, (UnixFileMode)0b110_110_110);
        Assert.Contains("the OS user nobody is no operator", (await MeAsync("nobody")).Text("error"), StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task What_an_operator_does_is_written_down_under_the_name_of_the_person()
    {
        var made = await CurlAsync("postgres", "-X", "POST", "-H", "Content-Type: application/json", "-d", "{\"name\":\"By socket\"}", "http://capyd/v1/projects");
        Assert.Contains("\"slug\":\"by-socket\"", made.Output, StringComparison.Ordinal);
        Assert.Equal("operator|postgres", await Daemon.Metadata.OneAsync("SELECT actor_kind, actor_id FROM audit_events WHERE action = 'project.created'"));
    }

    [SystemFact]
    public async Task A_key_on_the_socket_counts_as_everywhere_and_without_one_the_address_refuses_as_before()
    {
        var key = await Daemon.NewKeyAsync(scopes: "jobs:read");
        var me = JsonNode.Parse((await CurlAsync("root", "-H", $"Authorization: Bearer {key}", "http://capyd/v1/me")).Output)!;
        Assert.Equal("api_key", me["principal"]!.Text("auth_source"));
        Assert.Contains("unauthenticated", (await CurlAsync("root", "-H", "Authorization: Bearer nonsense", "http://capyd/v1/me")).Output, StringComparison.Ordinal);
        using var nobody = new ApiClient(Daemon.Address, null);
        (await nobody.GetAsync("/v1/me")).Expect(401);
    }

    [SystemFact]
    public async Task A_dead_daemons_socket_is_replaced_and_a_living_ones_is_not()
    {
        await Daemon.KillAsync();
        Assert.True(File.Exists(Path));
        await Daemon.StartAsync();
        Assert.Equal("admin_token", (await MeAsync("root"))["principal"]!.Text("auth_source"));
        Assert.Equal(0, await Daemon.TerminateAsync());
        Assert.False(File.Exists(Path));

        using var squatter = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        squatter.Bind(new UnixDomainSocketEndPoint(Path));
        squatter.Listen();
        Daemon.Launch();
        Assert.Equal(1, await Daemon.WaitForExitAsync());
        Assert.Contains($"another capyd listens on {Path}", Daemon.Log, StringComparison.Ordinal);
    }

    private async Task<JsonNode> MeAsync(string user) => JsonNode.Parse((await CurlAsync(user, "http://capyd/v1/me")).Output)!;

    private Task<CommandResult> CurlAsync(string user, params string[] arguments) =>
        Command.RunAsync("runuser", ["-u", user, "--", "curl", "-s", "--unix-socket", Path, .. arguments.Length == 0 ? ["http://capyd/v1/me"] : arguments]);
}
