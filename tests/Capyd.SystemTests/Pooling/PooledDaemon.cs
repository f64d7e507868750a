namespace Capyd.SystemTests.Pooling;

/// <summary>One embedded daemon with a pooler, for the tests of a class.</summary>
public sealed class PooledDaemon : IAsyncLifetime
{
    public CapydDaemon Daemon { get; } = New();

    public ApiClient Api { get; private set; } = null!;

    public static CapydDaemon New(params (string Name, string Value)[] environment) =>
        CapydDaemon.Embedded(Machine.NewDirectory(), [("CAPYD_POOLER_ENABLED", "true"), .. environment]);

    public async Task InitializeAsync()
    {
        if (!Machine.Skips)
        {
            await Daemon.StartAsync();
            Api = await Daemon.ClientAsync();
            await Api.PoolerAsync("operational");
        }
    }

    public async Task DisposeAsync()
    {
        Api?.Dispose();
        await Daemon.DisposeAsync();
    }
}
