namespace Capyd.SystemTests.Contract;

/// <summary>One daemon for all replays: it may import from this machine and call it back.</summary>
public sealed class ContractGround() : DaemonGround(("CAPYD_IMPORTS_ALLOW_PRIVATE_SOURCES", "true"), ("CAPYD_WEBHOOKS_ALLOW_PRIVATE", "true"))
{
    public string Organization { get; private set; } = "";

    protected override async Task PrepareAsync() => Organization = (await Api.GetAsync("/v1/me")).Expect(200)["organization"].Text("id");
}
