namespace Capyd.SystemTests.Contract;

/// <summary>One daemon for all replays: it may import from this machine and call it back.</summary>
public sealed class ContractGround : IAsyncLifetime
{
    public CapydDaemon Daemon { get; } = CapydDaemon.Embedded(
        Machine.NewDirectory(), ("CAPYD_IMPORTS_ALLOW_PRIVATE_SOURCES", "true"), ("CAPYD_WEBHOOKS_ALLOW_PRIVATE", "true"));

    public ApiClient Api { get; private set; } = null!;

    public string Organization { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (!Machine.Skips)
        {
            await Daemon.StartAsync();
            Api = await Daemon.ClientAsync();
            Organization = (await Api.GetAsync("/v1/me")).Expect(200)["organization"].Text("id");
        }
    }

    public async Task DisposeAsync()
    {
        Api?.Dispose();
        await Daemon.DisposeAsync();
    }

    /// <summary>A person's approval, minted on the host.</summary>
    public async Task<string> ApproveAsync(string project, string action) => (await Daemon.CommandAsync("approve", project, action)).Good();
}
