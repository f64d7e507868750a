namespace Capyd.SystemTests.Kit;

/// <summary>An embedded daemon and a client that may do everything in the organisation.</summary>
public abstract class DaemonGround(params (string Name, string Value)[] environment) : OwnDaemon(environment)
{
    public ApiClient Api { get; private set; } = null!;

    public sealed override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        if (!Machine.Skips)
        {
            Api = await Daemon.ClientAsync();
            await PrepareAsync();
        }
    }

    public override async Task DisposeAsync()
    {
        Api?.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>A person's approval, minted on the host.</summary>
    public async Task<string> ApproveAsync(string project, string action) => (await Daemon.CommandAsync("approve", project, action)).Good();

    /// <summary>What the tests need beside it.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;
}
