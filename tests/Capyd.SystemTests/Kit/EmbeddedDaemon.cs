namespace Capyd.SystemTests.Kit;

/// <summary>One embedded daemon for all test classes of a collection.</summary>
public sealed class EmbeddedDaemon : IAsyncLifetime
{
    public CapydDaemon Daemon { get; } = CapydDaemon.Embedded(Machine.NewDirectory());

    /// <summary>Has a key that may do everything in the organisation.</summary>
    public ApiClient Api { get; private set; } = null!;

    public Superuser Superuser => EmbeddedData.Superuser(Daemon.DataDirectory);

    public async Task InitializeAsync()
    {
        if (!Machine.Skips)
        {
            await Daemon.StartAsync();
            Api = await Daemon.ClientAsync();
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
