namespace Capyd.SystemTests.Kit;

/// <summary>An embedded daemon that is there before the first line of a test and gone after the last.</summary>
public abstract class OwnDaemon(params (string Name, string Value)[] environment) : IAsyncLifetime
{
    public CapydDaemon Daemon { get; } = CapydDaemon.Embedded(Machine.NewDirectory(), environment);

    /// <summary>A superuser's door to its server.</summary>
    public Superuser Superuser => EmbeddedData.Superuser(Daemon.DataDirectory);

    public virtual async Task InitializeAsync()
    {
        if (!Machine.Skips)
        {
            await EmbeddedData.PlaceAsync(Daemon.DataDirectory);
            await Daemon.StartAsync();
        }
    }

    public virtual async Task DisposeAsync() => await Daemon.DisposeAsync();
}
