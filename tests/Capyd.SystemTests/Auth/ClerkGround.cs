namespace Capyd.SystemTests.Auth;

/// <summary>A daemon that takes the sessions of a Clerk instance, with its keys in a file.</summary>
public sealed class ClerkGround : IAsyncLifetime
{
    private readonly string _jwks = Path.GetTempFileName();

    public ClerkGround()
    {
        File.WriteAllText(_jwks, ClerkInstance.Set(Clerk.Key(), Clerk.Key("twice"), Clerk.Key("twice")));
        Daemon = CapydDaemon.Embedded(
            Machine.NewDirectory(), ("CAPYD_AUTH_CLERK_ISSUER", ClerkInstance.Issuer), ("CAPYD_AUTH_CLERK_JWKS_FILE", _jwks),
            ("CAPYD_AUTH_CLERK_AUTHORIZED_PARTIES", ClerkInstance.Party), ("CAPYD_AUTH_CLERK_ORGANIZATIONS", "org_2abc=local,org_lost=nowhere"));
    }

    public ClerkInstance Clerk { get; } = new();

    public CapydDaemon Daemon { get; }

    public ApiClient Api { get; private set; } = null!;

    public ApiClient As(string token) => new(Daemon.Address, token);

    public ApiClient Admin() => As(Clerk.Sign(ClerkInstance.Claims()));

    public ApiClient Member() => As(Clerk.Sign(ClerkInstance.Claims("member", user: "user_2")));

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
        Clerk.Dispose();
        File.Delete(_jwks);
    }
}
